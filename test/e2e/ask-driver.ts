import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type Schema, Validator } from '@cfworker/json-schema';
import { expect, onTestFinished } from 'vitest';
import type { z } from 'zod';
import { lineSchema } from '../../src/terminal/ndjson-schema.js';
import { builtFile, packageRoot, program } from '../built.js';

const schema: Schema = JSON.parse(readFileSync(builtFile('events.schema.json'), 'utf8'));
const published = new Validator(schema, '2020-12');

type Line = z.infer<typeof lineSchema>;
export type ResultLine = Extract<Line, { type: 'result' }>;

/** One of the recordings in test/fixtures/audio. */
export function recording(name: string): string {
  return join(packageRoot, 'test/fixtures/audio', name);
}

export interface AskOptions {
  /** Bytes to pipe; `open` is a pipe in which no more comes after them. Default: nothing to read. */
  readonly stdin?: Uint8Array | undefined;
  readonly open?: boolean | undefined;
  /** Redirect standard input from this file instead. */
  readonly from?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly cwd?: string | undefined;
  readonly stdout?: 'pipe' | number | undefined;
}

/** `voxterm ask` in a directory of its own, without configuration, keys, sound or network. */
export class AskHome {
  readonly directory = mkdtempSync(join(tmpdir(), 'voxterm ask é-'));

  constructor(scenario: unknown = undefined) {
    onTestFinished(() => rmSync(this.directory, { recursive: true, force: true }));
    mkdirSync(this.path('home'));
    if (scenario !== undefined)
      this.write('scenario.json', JSON.stringify({ voice: 'tone', ...asObject(scenario) }));
    this.hasScenario = scenario !== undefined;
  }

  private readonly hasScenario: boolean;

  path(name: string): string {
    return join(this.directory, name);
  }

  write(name: string, content: string | Uint8Array): string {
    writeFileSync(this.path(name), content);
    return this.path(name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  start(
    args: readonly string[],
    { stdin, open = false, from, env, cwd, stdout = 'pipe' }: AskOptions = {},
  ): AskRun {
    const scenario = this.hasScenario ? ['--scenario', this.path('scenario.json')] : [];
    const file = from === undefined ? undefined : openSync(from, 'r');
    const input = file ?? (stdin === undefined && !open ? 'ignore' : 'pipe');
    const child = spawn(process.execPath, [program, 'ask', ...args, ...scenario], {
      cwd: cwd ?? this.directory,
      stdio: [input, stdout, 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: this.path('home'),
        XDG_CONFIG_HOME: this.path('home'),
        VOXTERM_PROVIDER: 'local',
        ...env,
      },
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    child.stdin?.on('error', () => {}); // it may leave before it has read everything
    if (file !== undefined) closeSync(file);
    if (stdin !== undefined) child.stdin?.write(stdin);
    if (!open) child.stdin?.end();
    return new AskRun(child);
  }

  async run(args: readonly string[], options: AskOptions = {}): Promise<AskRun> {
    const run = this.start(args, options);
    await run.exited;
    return run;
  }
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

/** One run: what it writes, and how it ends. */
export class AskRun {
  /** The exit code, or the signal that ended it. */
  readonly exited: Promise<number | string>;
  code: number | string | undefined;
  private readonly out: Buffer[] = [];
  private readonly err: Buffer[] = [];

  constructor(readonly child: ChildProcess) {
    collect(child.stdout, this.out);
    collect(child.stderr, this.err);
    this.exited = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        this.code = code ?? signal ?? 'lost';
        resolve(this.code);
      });
    });
  }

  get bytes(): Buffer {
    return Buffer.concat(this.out);
  }

  get stdout(): string {
    return this.bytes.toString();
  }

  get stderr(): string {
    return Buffer.concat(this.err).toString();
  }

  /** Every line of standard output, each held against the published schema and our own. */
  get lines(): Line[] {
    const { stdout } = this;
    expect(stdout.endsWith('\n')).toBe(true);
    return stdout
      .trimEnd()
      .split('\n')
      .map((text) => {
        const line: unknown = JSON.parse(text);
        expect(published.validate(line), text).toMatchObject({ valid: true });
        return lineSchema.parse(line);
      });
  }

  /** The first line is the header, the last one the result, and there are no others of either. */
  get result(): ResultLine {
    const { lines } = this;
    const last = lines.at(-1);
    expect(lines.map(({ type }) => type).filter((type) => type === 'header' || type === 'result')).toEqual([
      'header',
      'result',
    ]);
    expect(lines[0]?.type).toBe('header');
    if (last?.type !== 'result') throw new Error('the last line is no result');
    expect(last.exitCode).toBe(this.code);
    return last;
  }

  types(): string[] {
    return this.lines.map(({ type }) => type);
  }

  async shows(text: string): Promise<void> {
    await expect.poll(() => this.stdout + this.stderr, { timeout: 15_000, interval: 10 }).toContain(text);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

function collect(stream: Readable | null, chunks: Buffer[]): void {
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
}

const headerBytes = 44;

/** Of a reply as voxterm writes it: milliseconds of sound, and its loudness (RMS, 1 = full scale). */
export function soundOf(wav: Buffer): { readonly ms: number; readonly rms: number } {
  expect(wav.toString('latin1', 0, 4)).toBe('RIFF');
  expect(wav.toString('latin1', 36, 40)).toBe('data');
  const rateHz = wav.readUInt32LE(24);
  const samples = Math.floor((wav.length - headerBytes) / 2);
  let energy = 0;
  for (let i = 0; i < samples; i += 1) energy += (wav.readInt16LE(headerBytes + 2 * i) / 32_768) ** 2;
  return { ms: (samples * 1000) / rateHz, rms: samples === 0 ? 0 : Math.sqrt(energy / samples) };
}

/** Also that its header says how much there is: any player reads it to the end. */
export function fileSound(path: string): { readonly ms: number; readonly rms: number } {
  const wav = readFileSync(path);
  expect(wav.readUInt32LE(40)).toBe(wav.length - headerBytes);
  expect(wav.readUInt32LE(4)).toBe(wav.length - 8);
  return soundOf(wav);
}
