import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ModelEvent } from '../../../src/contract/events.js';
import { isModelEvent } from '../../../src/testing/contract/event-shapes.js';

/** A recorded or written piece of a session: each frame of the server with the events it must become. */
const scene = z.strictObject({
  description: z.string(),
  steps: z.array(
    z.strictObject({
      frame: z.record(z.string(), z.unknown()),
      events: z.array(z.record(z.string(), z.unknown()).transform(read)),
    }),
  ),
});

export type Scene = z.infer<typeof scene> & { readonly name: string };

const folder = new URL('../../fixtures/frames/', import.meta.url);

export function loadSessions(provider: string): Scene[] {
  return readdirSync(new URL(`${provider}/`, folder))
    .filter((file) => file.endsWith('.json'))
    .map((file) => {
      const json: unknown = JSON.parse(readFileSync(new URL(`${provider}/${file}`, folder), 'utf8'));
      const { description, steps } = scene.parse(json);
      return { name: `${file.replace('.json', '')}: ${description}`, description, steps };
    });
}

/** A fixture writes sound as base64. */
function read(written: Readonly<Record<string, unknown>>): ModelEvent {
  const { audio } = written;
  const event = typeof audio === 'string' ? { ...written, audio: Buffer.from(audio, 'base64') } : written;
  if (!isModelEvent(event)) throw new Error(`not an event: ${JSON.stringify(written)}`);
  return event;
}
