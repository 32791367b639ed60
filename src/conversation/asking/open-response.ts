import type { ResponseEvent } from '../../contract/events.js';

/** A response the server has open. */
export interface OpenResponse {
  readonly id: string;
  /** Who had the conversation when it began, where there are agents. */
  agent: string | undefined;
  lastEventMs: number;
  /** When it was interrupted: nothing that still comes of it may be heard or shown. */
  staleSinceMs: number | undefined;
  cancelSent: boolean;
  /** Something was said, written or called in it. */
  fruitful: boolean;
  /** Something of that was words or sound. */
  spoke: boolean;
  /** Words were written, or a call was made whose result is still to come. */
  given: boolean;
  /** How much of it had been heard when it last got the results of its calls, in milliseconds. */
  heardBeforeMs: number;
}

/** A server has one or two open; one that opens them without end must not fill the memory. */
export const mostOpenResponses = 16;

/** For events: who had the conversation, where there are agents. */
export function agentOf({ agent }: OpenResponse): { agent?: string } {
  return agent === undefined ? {} : { agent };
}

/** Whether it holds something that the user can hear or read. */
export function bearsFruit(event: ResponseEvent): boolean {
  if (event.type === 'audio.delta') return event.audio.length > 0;
  if (event.type === 'text.delta') return event.delta.trim() !== '';
  return event.type === 'text.done' && event.text.trim() !== '';
}
