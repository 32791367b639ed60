import { closeSync, fstatSync, ftruncateSync, writeSync } from 'node:fs';
import { openPrivateFile } from '../../../base/private-file.js';
import { writeFailure } from '../write-failure.js';
import { unknownLength, type WavLayout, wavHeader, wavHeaderBytes } from './wav-layout.js';

/** Sound that may be lost when the process is killed, in milliseconds. */
const batchMs = 250;

/**
 * A WAV file that is complete at every moment: sound goes to disk four times a second, and the sizes in the header are
 * updated each time, so that even SIGKILL leaves a playable file. All calls are synchronous (they end in the page
 * cache), so the file is safe however the process ends.
 */
export class WavFile {
  readonly path: string;
  private readonly descriptor: number;
  /** Pipes and devices cannot be patched: they get a header that says "until the end". */
  private readonly seekable: boolean;
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;
  private dataBytes = 0;
  private closed = false;

  /**
   * Creates the file, or empties one that exists. Only its owner may read it.
   * @throws VoxtermError exit 2 when it cannot be written.
   */
  constructor(
    path: string,
    private readonly layout: WavLayout,
  ) {
    this.path = path;
    try {
      this.descriptor = openPrivateFile(path, 'w');
    } catch (error) {
      throw writeFailure(error, path);
    }
    this.seekable = fstatSync(this.descriptor).isFile();
    try {
      this.write(wavHeader(layout, this.seekable ? 0 : unknownLength), 0);
    } catch (error) {
      this.closed = true;
      closeSync(this.descriptor);
      throw writeFailure(error, path);
    }
  }

  /** Milliseconds of sound appended so far. */
  get durationMs(): number {
    return ((this.dataBytes + this.pendingBytes) / this.bytesPerSecond) * 1000;
  }

  /**
   * Appends PCM16 little-endian; does nothing once closed. The memory may be reused afterwards.
   * @throws VoxtermError exit 2 when the disk is full or gone; what was written before stays playable.
   */
  append(pcm: Uint8Array): void {
    if (this.closed || pcm.length === 0) return;
    this.pending.push(pcm.slice());
    this.pendingBytes += pcm.length;
    if (this.pendingBytes * 1000 >= this.bytesPerSecond * batchMs) this.flush();
  }

  /** Writes everything into the file. @throws VoxtermError like `append`. */
  flush(): void {
    if (this.closed || this.pendingBytes === 0) return;
    const batch = Buffer.concat(this.pending);
    this.pending = [];
    this.pendingBytes = 0;
    try {
      this.appendBatch(batch);
    } catch (error) {
      throw writeFailure(error, this.path);
    }
  }

  /**
   * Makes the sound end at `durationMs`: cuts off what is after it, or pads with silence, which takes no space on most
   * file systems. Does nothing for pipes and devices. @throws VoxtermError like `append`.
   */
  endAt(durationMs: number): void {
    if (this.closed || !this.seekable) return;
    this.flush();
    const samples = Math.round((durationMs * this.layout.rateHz) / 1000);
    this.dataBytes = samples * this.layout.channels * 2;
    try {
      ftruncateSync(this.descriptor, wavHeaderBytes + this.dataBytes);
      this.write(wavHeader(this.layout, this.dataBytes), 0);
    } catch (error) {
      throw writeFailure(error, this.path);
    }
  }

  /** Flushes and closes. May be called twice. @throws VoxtermError like `append`; the file is closed all the same. */
  close(): void {
    if (this.closed) return;
    try {
      this.flush();
    } finally {
      this.closed = true;
      closeSync(this.descriptor);
    }
  }

  private get bytesPerSecond(): number {
    return this.layout.rateHz * this.layout.channels * 2;
  }

  private appendBatch(batch: Uint8Array): void {
    let written = 0;
    try {
      while (written < batch.length) {
        const position = wavHeaderBytes + this.dataBytes + written;
        written += this.write(batch.subarray(written), position);
      }
    } finally {
      // A full disk may have taken half a sample; the next batch writes over it.
      this.dataBytes += written - (written % (this.layout.channels * 2));
      if (this.seekable) this.write(wavHeader(this.layout, this.dataBytes), 0);
    }
  }

  private write(bytes: Uint8Array, position: number): number {
    return writeSync(this.descriptor, bytes, 0, bytes.length, this.seekable ? position : null);
  }
}
