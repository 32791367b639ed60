import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { codeFile } from '../base/package-files.js';
import type { PartKey } from '../contract/events.js';
import { decodeMicrophone, encodePlay, FrameReader, FrameType, type WireFrame } from './helper/frames.js';
import { decodeReport, encodeMessage, type Order, type Report } from './helper/messages.js';
import { HelperOutput } from './helper-output.js';

export interface HelperOptions {
  /** Path of the helper's program; by default the one beside this file. */
  readonly helperPath?: string | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Receives what the helper prints, line by line. */
  readonly log?: ((line: string) => void) | undefined;
}

export interface HelperListener {
  report(report: Report): void;
  frame(audio: Uint8Array, level: number): void;
  /** The process ended on its own; the reason is a sentence without its full stop. */
  ended(reason: string): void;
}

/** The session's end of the sound helper. */
export interface Helper {
  send(order: Order): void;
  play(part: PartKey, pcm: Uint8Array): void;
  /** Ends it gracefully, or by force after 700 ms. */
  close(): Promise<void>;
  /** Ends it at once, for a helper that does not answer. */
  kill(): void;
}

/**
 * Each pending read and write of the addon occupies a worker; with the default of four, streams wait for each other.
 */
const workers = '8';
const closeDeadlineMs = 700;
const lastOutputMs = 50;

/** Starts the sound helper, talks to it over its socket, and keeps the last lines it prints. */
export class HelperProcess implements Helper {
  private readonly child: ChildProcess;
  private readonly socket: Socket;
  private readonly output: HelperOutput;
  private expected = false;

  constructor(
    { helperPath = codeFile('audio/helper/main.js'), env = process.env, log }: HelperOptions,
    listener: HelperListener,
  ) {
    this.output = new HelperOutput(log);
    this.child = spawn(process.execPath, [helperPath], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: { ...env, UV_THREADPOOL_SIZE: workers },
      windowsHide: true,
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.output.read(text));
    }
    const socket = this.child.stdio[3];
    if (!(socket instanceof Socket))
      throw new TypeError('the fourth stdio of the sound helper is not a socket');
    this.socket = socket;
    const end = (reason: string) => {
      if (this.expected) return;
      this.kill();
      listener.ended(reason);
    };
    const reader = new FrameReader();
    socket.on('data', (bytes: Buffer) => {
      const frames = read(reader, bytes);
      if (frames === undefined) end('the sound helper sent invalid data');
      else this.hear(frames, listener);
    });
    socket.on('error', () => undefined); // It ended while we wrote: 'exit' gives the reason.
    this.child.on('error', (error) => end(`the sound helper cannot be started: ${error.message}`));
    this.child.on('exit', (code, signal) => {
      const reason = `the sound helper ended with ${signal ?? `exit code ${code}`}`;
      // Its last lines may still be in the pipe.
      const timer = setTimeout(end, lastOutputMs, reason);
      this.child.on('close', () => {
        clearTimeout(timer);
        end(reason);
      });
    });
  }

  /** The last lines it printed that are not routine. */
  get lastLines(): readonly string[] {
    return this.output.last;
  }

  send(order: Order): void {
    if (this.socket.writable) this.socket.write(encodeMessage(order));
  }

  play(part: PartKey, pcm: Uint8Array): void {
    if (this.socket.writable) this.socket.write(encodePlay(part, pcm));
  }

  async close(): Promise<void> {
    this.expected = true;
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.send({ type: 'close' });
    const deadline = new AbortController();
    const gone = once(this.child, 'exit', { signal: deadline.signal }).catch(() => undefined);
    await Promise.race([
      gone,
      delay(closeDeadlineMs, undefined, { signal: deadline.signal }).catch(() => undefined),
    ]);
    deadline.abort();
    this.kill();
  }

  kill(): void {
    this.expected = true;
    this.child.kill('SIGKILL');
    this.socket.destroy();
  }

  private hear(frames: readonly WireFrame[], listener: HelperListener): void {
    for (const { type, payload } of frames) {
      if (this.expected) return;
      if (type === FrameType.microphone) {
        const { audio, level } = decodeMicrophone(payload);
        listener.frame(audio, level);
      } else if (type === FrameType.message) {
        const report = decodeReport(payload);
        if (report !== undefined) listener.report(report);
      }
    }
  }
}

function read(reader: FrameReader, bytes: Uint8Array): WireFrame[] | undefined {
  try {
    return reader.read(bytes);
  } catch {
    return undefined;
  }
}
