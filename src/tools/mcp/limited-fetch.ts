import type { OutgoingFetch } from '../../network/outgoing-fetch.js';
import { longestMessageBytes } from './line-splitter.js';

const lineFeed = 0x0a;

/**
 * A `fetch` whose responses fail when a line of an event stream, or any other response as a whole, is longer than a
 * message may be: the client itself would read until the memory is full.
 */
export function limitedFetch(fetch: OutgoingFetch): OutgoingFetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (response.body === null) return response;
    const streams = response.headers.get('content-type')?.includes('text/event-stream') === true;
    const { status, statusText, headers } = response;
    return new Response(response.body.pipeThrough(limit(streams)), { status, statusText, headers });
  };
}

function limit(perLine: boolean): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      const lastEnd = perLine ? chunk.lastIndexOf(lineFeed) : -1;
      bytes = lastEnd < 0 ? bytes + chunk.length : chunk.length - lastEnd - 1;
      if (bytes > longestMessageBytes) controller.error(new Error('it sent a message of more than 16 MB'));
      else controller.enqueue(chunk);
    },
  });
}
