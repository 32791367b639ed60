import type { Writable } from 'node:stream';
import { ExitCode } from '../../../contract/exit.js';
import { VoxtermError } from '../../../contract/failure.js';
import { writeFailure } from '../write-failure.js';
import { WavFile } from './wav-file.js';
import { unknownLength, type WavLayout, wavHeader } from './wav-layout.js';

/** The target of a reply: a file, or a pipe that may be slow. */
export interface WavWriter {
  /** The path, or `standard output`. */
  readonly name: string;
  /** Milliseconds of sound given so far. */
  readonly durationMs: number;
  /**
   * Takes PCM16 little-endian. Resolves when the target can take more. @throws VoxtermError exit 2 when the disk is
   * full or the reader has gone away.
   */
  write(pcm: Uint8Array): Promise<void>;
  /** Completes the file. May be called twice. @throws VoxtermError like `write`. */
  close(): Promise<void>;
  /** For exits that cannot wait: a file loses nothing of what was given to `write`. Never throws. */
  closeSync(): void;
}

/**
 * Opens a WAV file for writing, or standard output for `-`. A file is playable at every moment (`WavFile`); standard
 * output gets a header that says "until the end", because a pipe cannot be rewound.
 * @throws VoxtermError exit 2 when the target cannot be written, or is a terminal.
 */
export function createWavWriter(
  target: string,
  layout: WavLayout,
  stdout: Writable = process.stdout,
): WavWriter {
  return target === '-' ? new PipeWriter(stdout, layout) : new FileWriter(target, layout);
}

class FileWriter implements WavWriter {
  private readonly file: WavFile;

  constructor(path: string, layout: WavLayout) {
    this.file = new WavFile(path, layout);
  }

  get name(): string {
    return this.file.path;
  }

  get durationMs(): number {
    return this.file.durationMs;
  }

  async write(pcm: Uint8Array): Promise<void> {
    this.file.append(pcm);
  }

  async close(): Promise<void> {
    this.file.close();
  }

  closeSync(): void {
    try {
      this.file.close();
    } catch {
      // There is no caller left to report it to.
    }
  }
}

class PipeWriter implements WavWriter {
  readonly name = 'standard output';
  private dataBytes = 0;
  private closed = false;

  constructor(
    private readonly pipe: Writable,
    private readonly layout: WavLayout,
  ) {
    if ('isTTY' in pipe && pipe.isTTY === true) {
      throw new VoxtermError('Standard output is a terminal, which cannot play WAV.', {
        code: 'output.terminal',
        exitCode: ExitCode.usage,
        hint: 'Redirect it, for example "-o - > reply.wav", or name a file.',
      });
    }
    // Errors reach the caller through the callbacks of its writes; without a listener they would end the process.
    pipe.on('error', () => undefined);
    pipe.write(wavHeader(layout, unknownLength));
  }

  get durationMs(): number {
    return (this.dataBytes / (this.layout.rateHz * this.layout.channels * 2)) * 1000;
  }

  async write(pcm: Uint8Array): Promise<void> {
    if (this.closed) return;
    this.dataBytes += pcm.length;
    await this.handOver(pcm.slice());
  }

  /** Waits until everything is written. The pipe itself stays open: it belongs to the process. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.handOver(new Uint8Array(0));
  }

  closeSync(): void {
    this.closed = true;
  }

  private handOver(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.pipe.write(bytes, (error) => (error ? reject(writeFailure(error, this.name)) : resolve()));
    });
  }
}
