import { randomBytes } from 'node:crypto';
import { closeSync, writeSync } from 'node:fs';
import { writeFailure } from '../audio/files/write-failure.js';
import { openPrivateFile } from '../base/private-file.js';
import type { VoxtermError } from '../contract/failure.js';
import type { OpenSpan, SpanStart, TraceSink } from './trace-sink.js';

/**
 * Finished spans, one JSON object per line, written when they end. Each line is written immediately, so a program that
 * is killed loses only the spans that were still open.
 */
export class TraceFile implements TraceSink {
  private readonly descriptor: number;
  private closed = false;

  /**
   * `onFailure`: called once if writing had to stop; the session goes on.
   * @throws VoxtermError exit 2 when the file cannot be written.
   */
  constructor(
    private readonly path: string,
    private readonly onFailure: (failure: VoxtermError) => void,
  ) {
    try {
      // Private, because it may contain what was said.
      this.descriptor = openPrivateFile(path, 'w');
    } catch (error) {
      throw writeFailure(error, path);
    }
  }

  start({ name, kind, parent, startMs, attributes }: SpanStart): OpenSpan {
    const ids =
      parent instanceof FileSpan
        ? { traceId: parent.traceId, spanId: hex(8), parentSpanId: parent.spanId }
        : { traceId: hex(16), spanId: hex(8) };
    return new FileSpan(ids.traceId, ids.spanId, ({ endMs, attributes: more, error }) =>
      this.write({
        ...ids,
        name,
        kind,
        startMs,
        endMs,
        attributes: { ...attributes, ...more },
        status: error === undefined ? { code: 'ok' } : { code: 'error', message: error },
      }),
    );
  }

  /** Safe to call twice. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    closeSync(this.descriptor);
  }

  private write(span: unknown): void {
    if (this.closed) return;
    try {
      const line = Buffer.from(`${JSON.stringify(span)}\n`);
      for (let written = 0; written < line.length; ) written += writeSync(this.descriptor, line, written);
    } catch (error) {
      this.close();
      this.onFailure(writeFailure(error, this.path));
    }
  }
}

class FileSpan implements OpenSpan {
  private ended = false;

  constructor(
    readonly traceId: string,
    readonly spanId: string,
    private readonly finish: OpenSpan['end'],
  ) {}

  end(end: Parameters<OpenSpan['end']>[0]): void {
    if (this.ended) return;
    this.ended = true;
    this.finish(end);
  }
}

function hex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
