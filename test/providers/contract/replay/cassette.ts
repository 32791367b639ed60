import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { z } from 'zod';
import type { JsonObject } from '../../../../src/base/json.js';

/** One frame of a recorded connection: what the server sent us, or what a client sent the server. */
export interface CassetteLine {
  readonly direction: 'received' | 'sent';
  readonly data: JsonObject;
  /** Milliseconds since the recording started, if known. */
  readonly atMs: number | undefined;
}

/** The recording of one connection. */
export interface Cassette {
  /** Path below the folder, for messages. */
  readonly name: string;
  readonly provider: string;
  /** Undefined: the provider's default. */
  readonly model: string | undefined;
  readonly lines: readonly CassetteLine[];
}

const frame = z.record(z.string(), z.unknown());
const line = z.object({
  direction: z.enum(['received', 'sent']),
  data: z.union([frame, z.string()]),
  at: z.number().min(0).optional(),
});
/** Optional first line; without it, the folder tells the provider. */
const header = z.strictObject({ provider: z.string(), model: z.string().optional() });

/** Every `*.jsonl` below a folder. @throws Error with file and line if one cannot be read. */
export function loadCassettes(folder: string): Cassette[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
    .map((file) => loadCassette(folder, join(folder, file)));
}

function loadCassette(folder: string, path: string): Cassette {
  const name = relative(folder, path);
  const rows = readFileSync(path, 'utf8')
    .split('\n')
    .map((text, index) => ({ text, where: `${name}:${index + 1}` }))
    .filter(({ text }) => text.trim() !== '');
  const [first] = rows;
  const told = first === undefined ? undefined : header.safeParse(parsed(first.text, first.where)).data;
  const lines = (told === undefined ? rows : rows.slice(1)).map(({ text, where }) => readLine(text, where));
  const parts = name.split(sep);
  const provider = told?.provider ?? (parts.length > 1 ? parts[0] : undefined);
  if (provider === undefined)
    throw new Error(
      `${name}: put it into a folder with the provider's name, or begin it with {"provider":"…"}`,
    );
  return {
    name: name.replace(basename(name), basename(name, '.jsonl')),
    provider,
    model: told?.model,
    lines,
  };
}

function readLine(text: string, where: string): CassetteLine {
  const { direction, data, at } = line.parse(parsed(text, where));
  // Some recorders write frames as strings.
  const wire = typeof data === 'string' ? frame.parse(parsed(data, where)) : data;
  return { direction, data: wire, atMs: at === undefined ? undefined : at * 1000 };
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${where}: not JSON`, { cause });
  }
}
