import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sessionEventSchema } from '../../src/contract/session-event-schema.js';
import { noUsage } from '../../src/contract/usage.js';
import { createNdjsonWriter, type ResultLine } from '../../src/terminal/ndjson.js';
import { lineSchema } from '../../src/terminal/ndjson-schema.js';

const result: ResultLine = {
  exitCode: 0,
  reason: 'done',
  provider: 'local',
  model: 'voxterm-local',
  turns: 1,
  heard: ['Hello'],
  said: ['Hello there.'],
  tools: [{ name: 'get_time', callId: 'c1', ok: true }],
  output: { path: 'reply.wav', durationMs: 1200 },
  latencies: { firstAudioMs: [120] },
  usage: noUsage,
  cost: null,
};

function open(jsonAudio = false) {
  const writes: string[] = [];
  const writer = createNdjsonWriter({ write: (text) => writes.push(text) }, { version: '1.2.3', jsonAudio });
  return { writer, writes, lines: () => writes.map((text) => JSON.parse(text) as unknown) };
}

describe('createNdjsonWriter', () => {
  it('writes header, events and result, each one line in one write, each valid', () => {
    const { writer, writes, lines } = open();
    writer.header();
    writer.event({ type: 'speech.started', at: 12.5 });
    writer.result(result);
    expect(writes.every((text) => text.endsWith('\n') && text.indexOf('\n') === text.length - 1)).toBe(true);
    expect(lines().map((line) => lineSchema.parse(line).type)).toEqual([
      'header',
      'speech.started',
      'result',
    ]);
    expect(lines()[0]).toEqual({ type: 'header', schema: 1, version: '1.2.3' });
  });

  it('writes nothing after the result', () => {
    const { writer, writes } = open();
    writer.result(result);
    writer.event({ type: 'speech.started', at: 1 });
    writer.result(result);
    expect(writes).toHaveLength(1);
  });

  it('leaves the samples out unless asked for them', () => {
    const event = {
      type: 'assistant.audio',
      at: 1,
      responseId: 'r',
      itemId: 'i',
      contentIndex: 0,
      bytes: 2,
      audio: 'AAA=',
    } as const;
    const without = open();
    without.writer.event(event);
    expect(without.lines()[0]).not.toHaveProperty('audio');
    const withAudio = open(true);
    withAudio.writer.event(event);
    expect(withAudio.lines()[0]).toMatchObject({ audio: 'AAA=' });
  });
});

describe('the published schema', () => {
  it('is a JSON Schema that other validators can read, with every event in it', () => {
    const schema = z.toJSONSchema(lineSchema);
    const text = JSON.stringify(schema);
    for (const { shape } of sessionEventSchema.options) expect(text).toContain(`"${shape.type.value}"`);
    expect(z.fromJSONSchema(schema).safeParse({ type: 'speech.started', at: 1 }).success).toBe(true);
    expect(z.fromJSONSchema(schema).safeParse({ type: 'speech.started' }).success).toBe(false);
  });

  it('is documented event by event', () => {
    const page = readFileSync(new URL('../../docs/ndjson.md', import.meta.url), 'utf8');
    const names = ['header', 'result', ...sessionEventSchema.options.map(({ shape }) => shape.type.value)];
    for (const name of names) expect(page, name).toContain(`\`${name}\``);
  });
});
