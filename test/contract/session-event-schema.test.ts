import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Schema, Validator } from '@cfworker/json-schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { lineSchema } from '../../src/terminal/ndjson-schema.js';
import { builtFile, packageRoot, program } from '../built.js';

const home = mkdtempSync(join(tmpdir(), 'voxterm-schema-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const published: Schema = JSON.parse(readFileSync(builtFile('events.schema.json'), 'utf8'));
const valid = (line: unknown) => new Validator(published, '2020-12').validate(line).valid;

/** A whole conversation with a tool call, as the built program prints it. */
let lines: { type: string }[] = [];

beforeAll(() => {
  const stdout = execFileSync(
    process.execPath,
    [
      program,
      ...['ask', '--json', '--json-audio', '--provider', 'local'],
      ...['--text', 'call roll_dice {"count":2}', '--tool', join(packageRoot, 'examples/tools/dice.mjs')],
      ...['--expect-tool', 'roll_dice'],
    ],
    {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env.PATH, HOME: home, XDG_CONFIG_HOME: home },
    },
  );
  lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
});

describe('dist/events.schema.json', () => {
  it('describes every line of a real conversation', () => {
    const types = lines.map(({ type }) => type);
    expect(types[0]).toBe('header');
    expect(types.at(-1)).toBe('result');
    expect(types).toEqual(
      expect.arrayContaining([
        'session.ready',
        'tool.started',
        'tool.finished',
        'assistant.audio',
        'assistant.text.done',
        'history.updated',
        'usage',
        'response.done',
        'session.ended',
      ]),
    );
    for (const line of lines) expect(valid(line), JSON.stringify(line).slice(0, 300)).toBe(true);
  });

  it('knows every field of them', () => {
    // The strict reading of the same schemas: a field that is not described is a mistake of ours.
    const strict = new Validator(JSON.parse(JSON.stringify(z.toJSONSchema(lineSchema))), '2020-12');
    for (const line of lines)
      expect(strict.validate(line).valid, JSON.stringify(line).slice(0, 300)).toBe(true);
  });

  it('refuses what is no line, and lets later versions add fields', () => {
    const started = { type: 'speech.started', at: 12 };
    expect(valid(started)).toBe(true);
    expect(valid({ ...started, confidence: 0.5 })).toBe(true);
    expect(valid({ type: 'speech.started' })).toBe(false);
    expect(valid({ ...started, at: -1 })).toBe(false);
    expect(valid({ type: 'speech.begun', at: 12 })).toBe(false);
    expect(valid({ type: 'header', schema: 2, version: '1.0.0' })).toBe(false);
    const { exitCode: _, ...result } = { exitCode: 0, ...lines.at(-1) };
    expect(valid(result)).toBe(false);
  });
});
