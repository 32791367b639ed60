import type { Hearing } from '../../engines/core/stages.js';
import { type Clock, sleep } from '../core/clock.js';
import type { ServerEvent } from '../core/server-event.js';
import { textTokens } from '../core/tokens.js';
import { wordsOf } from '../core/words.js';

export interface TranscriptionTarget {
  readonly itemId: string;
  readonly spokenMs: number;
  /** The transcription model the client chose; it decides how usage is counted. */
  readonly model: string | undefined;
  /** The words have already been announced, as they were understood. */
  readonly wordsAnnounced: boolean;
  readonly send: (event: ServerEvent) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const prefix = 'conversation.item.input_audio_transcription';
/** Words come one by one while the answer is already on its way. */
const wordEveryMs = 20;

/** Announces some of the words that were heard. */
export function announceWords(
  delta: string,
  { itemId, send }: Pick<TranscriptionTarget, 'itemId' | 'send'>,
): void {
  send({ type: `${prefix}.delta`, item_id: itemId, content_index: 0, delta });
}

/** Announces the transcript, or why there is none. */
export async function announce(hearing: Hearing, target: TranscriptionTarget): Promise<void> {
  const { itemId, send, clock, signal } = target;
  const part = { item_id: itemId, content_index: 0 };
  if (hearing.kind === 'unavailable') {
    const { message } = hearing;
    const error = { type: 'transcription_error', code: 'transcription_unavailable', message, param: null };
    send({ type: `${prefix}.failed`, ...part, error });
    return;
  }
  await sleep(clock, hearing.lateMs ?? 0, signal);
  for (const delta of target.wordsAnnounced ? [] : wordsOf(hearing.text)) {
    await sleep(clock, wordEveryMs, signal);
    if (signal.aborted) return;
    announceWords(delta, target);
  }
  if (signal.aborted) return;
  send({
    type: `${prefix}.completed`,
    ...part,
    transcript: hearing.text,
    usage: usageOf(hearing.text, target),
  });
}

/** gpt-4o transcription is counted in tokens, the other models in seconds. */
function usageOf(text: string, { model = '', spokenMs }: TranscriptionTarget): Record<string, unknown> {
  if (!model.startsWith('gpt-4o')) return { type: 'duration', seconds: Math.ceil(spokenMs / 1000) };
  const audio = Math.ceil(spokenMs / 100);
  const output = textTokens(text);
  return {
    type: 'tokens',
    total_tokens: audio + output,
    input_tokens: audio,
    input_token_details: { text_tokens: 0, audio_tokens: audio },
    output_tokens: output,
  };
}
