import { isObject } from '../../base/json.js';
import { MendedEvents } from './mended-events.js';
import { WaitingRequests } from './waiting-requests.js';

type Fetch = (input: string | URL, init?: RequestInit) => Promise<Response>;

/**
 * `fetch` whose answers are what the protocol says: JSON under any label, event streams without a last blank line, and
 * messages that {@link WaitingRequests} mends.
 */
export function mendedFetch(fetch: Fetch): Fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (!response.ok || response.body === null || response.status === 202) return response;
    const waiting = new WaitingRequests(true);
    waiting.sent(parsed(init?.body));
    const label = response.headers.get('content-type')?.toLowerCase() ?? '';
    if (label.includes('text/event-stream')) {
      const events = response.body
        .pipeThrough(new TextDecoderStream())
        .pipeThrough(new MendedEvents(waiting))
        .pipeThrough(new TextEncoderStream());
      return labelled(events, response, 'text/event-stream');
    }
    // An answer to GET or DELETE has no message in it.
    if (init?.method !== 'POST') return response;
    const text = await response.text();
    const value = parsed(text);
    if (!isObject(value) && !Array.isArray(value)) return labelled(text, response, label);
    const messages = waiting.mended(value);
    const [first] = messages;
    return labelled(JSON.stringify(messages.length === 1 ? first : messages), response, 'application/json');
  };
}

function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function labelled(
  body: string | ReadableStream<Uint8Array>,
  { status, statusText, headers: given }: Response,
  type: string,
): Response {
  const headers = new Headers(given);
  if (type !== '') headers.set('content-type', type);
  return new Response(body, { status, statusText, headers });
}
