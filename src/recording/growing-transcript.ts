import { closeSync, ftruncateSync, statSync, writeSync } from 'node:fs';
import { writeFailure } from '../audio/files/write-failure.js';
import { openPrivateFile } from '../base/private-file.js';
import type { HistoryItem } from '../contract/items.js';
import { markdownBlock, markdownHead } from './transcript.js';

interface Written {
  readonly item: HistoryItem;
  /** Where its block begins in the file. */
  readonly at: number;
}

/** `transcript.md` while the session goes on: only what has changed is written, however long the conversation. */
export class GrowingTranscript {
  private readonly descriptor: number;
  private written: Written[] = [];
  private size = 0;
  private closed = false;

  /** @throws VoxtermError exit 2 when the file cannot be written. */
  constructor(private readonly path: string) {
    try {
      this.descriptor = openPrivateFile(path, 'w');
    } catch (error) {
      throw writeFailure(error, path);
    }
    this.append(markdownHead);
  }

  /** @throws VoxtermError exit 2 when the disk is full or gone. */
  write(items: readonly HistoryItem[]): void {
    if (this.closed) return;
    this.checkThere();
    const { written } = this;
    const changed = items.findIndex((item, index) => written[index]?.item !== item);
    const from = changed < 0 ? items.length : changed;
    const old = written[from];
    if (old !== undefined) this.cut(old.at);
    this.written = written.slice(0, from);
    for (const item of items.slice(from)) {
      this.written.push({ item, at: this.size });
      this.append(markdownBlock(item));
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    closeSync(this.descriptor);
  }

  /** A file that was removed would take everything and keep nothing. */
  private checkThere(): void {
    try {
      statSync(this.path);
    } catch (error) {
      throw writeFailure(error, this.path);
    }
  }

  private cut(size: number): void {
    try {
      ftruncateSync(this.descriptor, size);
      this.size = size;
    } catch (error) {
      throw writeFailure(error, this.path);
    }
  }

  private append(text: string): void {
    const bytes = Buffer.from(text);
    try {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.descriptor, bytes, done, bytes.length - done, this.size + done);
      }
    } catch (error) {
      throw writeFailure(error, this.path);
    }
    this.size += bytes.length;
  }
}
