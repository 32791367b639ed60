import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ModelEvent } from '../../../src/contract/events.js';

/** A recorded or written-down piece of a session: each frame of the server with the events it has to become. */
const scene = z.strictObject({
  description: z.string(),
  steps: z.array(
    z.strictObject({
      frame: z.record(z.string(), z.unknown()),
      events: z.array(z.record(z.string(), z.unknown())),
    }),
  ),
});

export type Scene = z.infer<typeof scene> & { readonly name: string };

export function loadScenes(provider: string): Scene[] {
  const folder = new URL(`../../fixtures/frames/${provider}/`, import.meta.url);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => {
      const json: unknown = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
      return { name: file.replace('.json', ''), ...scene.parse(json) };
    });
}

/** An event as a fixture writes it: sound as base64, nothing where a field is undefined. */
export function written(event: ModelEvent): unknown {
  const plain = 'audio' in event ? { ...event, audio: Buffer.from(event.audio).toString('base64') } : event;
  return JSON.parse(JSON.stringify(plain));
}
