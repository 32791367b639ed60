import { closeSync, writeSync } from 'node:fs';
import { writeFailure } from '../audio/files/write-failure.js';
import { openPrivateFile } from '../base/private-file.js';
import type { SessionEvent } from '../contract/session-events.js';

/** `events.ndjson`: a header, then one session event per line, written at once. Sound is left to the WAV files. */
export class EventLog {
  private readonly descriptor: number;
  private closed = false;

  /** @throws VoxtermError exit 2 when the file cannot be written. */
  constructor(
    private readonly path: string,
    header: Readonly<Record<string, unknown>>,
  ) {
    try {
      this.descriptor = openPrivateFile(path, 'w');
    } catch (error) {
      throw writeFailure(error, path);
    }
    this.line({ type: 'header', schema: 1, ...header });
  }

  /** @throws VoxtermError exit 2 when the disk is full or gone. */
  append(event: SessionEvent): void {
    if (event.type === 'assistant.audio') {
      const { audio: _sound, ...rest } = event;
      this.line(rest);
    } else {
      this.line(event);
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    closeSync(this.descriptor);
  }

  private line(value: unknown): void {
    if (this.closed) return;
    try {
      const line = Buffer.from(`${JSON.stringify(value)}\n`);
      for (let written = 0; written < line.length; ) written += writeSync(this.descriptor, line, written);
    } catch (error) {
      throw writeFailure(error, this.path);
    }
  }
}
