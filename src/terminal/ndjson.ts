import type { z } from 'zod';
import type { SessionEvent } from '../contract/session-events.js';
import type { headerSchema, resultSchema } from './ndjson-schema.js';
import { cleanJson } from './text/clean-text.js';

export type ResultLine = Omit<z.infer<typeof resultSchema>, 'type'>;

export interface NdjsonOptions {
  /** Version of this program, for the header. */
  readonly version: string;
  /** Keep the samples in `assistant.audio` events. */
  readonly jsonAudio: boolean;
}

/** Writes a session as lines of JSON: a header, one line per event, and a result. */
export interface NdjsonWriter {
  header(): void;
  event(event: SessionEvent): void;
  /** The last line. Later calls write nothing. */
  result(result: ResultLine): void;
}

/**
 * Each line is one write, so lines never interleave with anything else written to the same pipe. With a slow reader
 * Node buffers; a reader that has gone away is up to the owner of the stream.
 */
export function createNdjsonWriter(
  stream: { write(text: string): unknown },
  { version, jsonAudio }: NdjsonOptions,
): NdjsonWriter {
  let over = false;
  const line = (value: object): void => {
    if (!over) stream.write(`${cleanJson(value)}\n`);
  };
  return {
    header: () => line({ type: 'header', schema: 1, version } satisfies z.infer<typeof headerSchema>),
    event: (event) => {
      if (event.type === 'assistant.audio' && event.audio !== undefined && !jsonAudio) {
        const { audio: _, ...rest } = event;
        line(rest);
      } else {
        line(event);
      }
    },
    result: (result) => {
      line({ type: 'result', ...result });
      over = true;
    },
  };
}
