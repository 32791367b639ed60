import type { z } from 'zod';
import { VoxtermError } from '../../contract/failure.js';
import type { OutgoingFetch } from '../../network/outgoing-fetch.js';
import { ProxyFailure } from '../../network/proxy-failure.js';
import { ToolError } from '../definition/tool-error.js';

/** Two requests fit into the default time-out of a tool, with time left to report which one failed. */
const timeoutMs = 4500;
const busy = 429;

export interface WeatherRequest {
  readonly fetch: OutgoingFetch;
  readonly signal: AbortSignal;
}

/**
 * Sends a request to the weather service. @throws ToolError with a message for the model: offline, too slow, refused,
 * out of order.
 */
export async function request<Answer extends z.ZodType>(
  url: URL,
  answer: Answer,
  { fetch, signal }: WeatherRequest,
): Promise<z.output<Answer>> {
  const body = await fetchJson(url, { fetch, signal });
  const read = answer.safeParse(body);
  if (read.success) return read.data;
  throw new ToolError('weather.garbled', 'The weather service sent an invalid answer.');
}

async function fetchJson(url: URL, { fetch, signal }: WeatherRequest): Promise<unknown> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, timeout]),
      headers: { accept: 'application/json' },
    });
    const text = await response.text();
    if (!response.ok) throw refusal(response.status, text);
    return parse(text);
  } catch (error) {
    if (error instanceof ToolError || signal.aborted) throw error;
    if (timeout.aborted) {
      throw new ToolError(
        'weather.slow',
        `The weather service did not answer within ${timeoutMs / 1000} seconds.`,
      );
    }
    throw unreachable(error);
  }
}

function unreachable(error: unknown): ToolError {
  if (error instanceof ProxyFailure || error instanceof VoxtermError) {
    return new ToolError('weather.unreachable', `The weather service cannot be reached: ${error.message}`);
  }
  return new ToolError(
    'weather.unreachable',
    'The weather service cannot be reached. Perhaps this computer is offline.',
  );
}

function refusal(status: number, text: string): ToolError {
  if (status === busy) {
    return new ToolError(
      'weather.busy',
      'The weather service has received too many requests. Try again later.',
    );
  }
  if (status >= 500) {
    return new ToolError('weather.down', `The weather service is out of order (HTTP ${status}).`);
  }
  const reason = reasonIn(text);
  return new ToolError('weather.refused', `The weather service refused the request: ${reason ?? status}.`);
}

/** Open-Meteo explains a refusal as `{"error":true,"reason":"…"}`. */
function reasonIn(text: string): string | undefined {
  const body = parse(text);
  if (typeof body !== 'object' || body === null || !('reason' in body)) return undefined;
  return typeof body.reason === 'string' ? body.reason.slice(0, 200).replace(/\.$/, '') : undefined;
}

/** Undefined if it is not JSON, such as a captive portal's page or a proxy's error. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
