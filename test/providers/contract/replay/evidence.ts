import type { Cassette } from './cassette.js';
import { at, numberAt, objectsAt, plainWords, textAt } from './reading.js';

/** What a recording contains, read without any of our code. Words without spaces, in order. */
interface Evidence {
  readonly heard: string;
  readonly said: string;
  readonly calls: readonly { readonly name: string; readonly arguments: unknown }[];
  readonly statuses: readonly string[];
  /** Tokens of all responses. */
  readonly tokens: number;
  /** How many answers the recorded client asked for. */
  readonly creates: number;
  /** Codes of expected warnings. */
  readonly warnings: readonly string[];
}

export function evidenceOf(cassette: Cassette): Evidence {
  return cassette.provider === 'gemini' ? ofGemini(cassette) : ofRealtime(cassette);
}

const transcript = 'conversation.item.input_audio_transcription.completed';
const transcriptFailed = 'conversation.item.input_audio_transcription.failed';
const wordsDone = /^response\.(output_)?(audio_transcript|text)\.done$/;

function ofRealtime({ lines }: Cassette): Evidence {
  const received = lines.filter(({ direction }) => direction === 'received').map(({ data }) => data);
  const heard = new Map<string, string>();
  for (const frame of received) {
    const itemId = textAt(frame, 'item_id');
    if (frame.type !== transcript || itemId === undefined || frame.status === 'in_progress') continue;
    heard.set(itemId, textAt(frame, 'transcript') ?? '');
  }
  const items = received
    .filter(({ type }) => type === 'response.output_item.done')
    .map((data) => at(data, 'item'));
  const calls = items.filter(
    (item) => at(item, 'type') === 'function_call' && at(item, 'status') === 'completed',
  );
  const done = received.filter(({ type }) => type === 'response.done');
  return {
    heard: plainWords([...heard.values()].join('')),
    said: plainWords(
      received
        .filter(({ type }) => typeof type === 'string' && wordsDone.test(type))
        .map((frame) => textAt(frame, 'transcript') ?? textAt(frame, 'text') ?? '')
        .join(''),
    ),
    calls: calls.map((item) => ({
      name: textAt(item, 'name') ?? '',
      arguments: JSON.parse(textAt(item, 'arguments') || '{}'),
    })),
    statuses: done.map((frame) => textAt(frame, 'response', 'status') ?? ''),
    tokens: sum(
      done.map(
        (frame) =>
          numberAt(frame, 'response', 'usage', 'total_tokens') ?? numberAt(frame, 'usage', 'total_tokens'),
      ),
    ),
    warnings: received.some(({ type }) => type === transcriptFailed) ? ['transcript.failed'] : [],
    creates: lines.filter(({ direction, data }) => direction === 'sent' && data.type === 'response.create')
      .length,
  };
}

function ofGemini({ lines }: Cassette): Evidence {
  const received = lines.filter(({ direction }) => direction === 'received').map(({ data }) => data);
  const statuses: string[] = [];
  let open = false;
  for (const message of received) {
    const content = at(message, 'serverContent');
    const speaks = objectsAt(content, 'modelTurn', 'parts').some(({ thought }) => thought !== true);
    if (speaks || at(content, 'outputTranscription') !== undefined || at(message, 'toolCall') !== undefined)
      open = true;
    if (!open || (at(content, 'interrupted') !== true && at(content, 'turnComplete') !== true)) continue;
    statuses.push(at(content, 'interrupted') === true ? 'cancelled' : 'completed');
    open = false;
  }
  return {
    heard: plainWords(
      received.map((m) => textAt(m, 'serverContent', 'inputTranscription', 'text') ?? '').join(''),
    ),
    said: plainWords(
      received.map((m) => textAt(m, 'serverContent', 'outputTranscription', 'text') ?? '').join(''),
    ),
    calls: received
      .flatMap((message) => objectsAt(message, 'toolCall', 'functionCalls'))
      .map((call) => ({ name: textAt(call, 'name') ?? '', arguments: call.args ?? {} })),
    statuses,
    tokens: sum(received.map((message) => numberAt(message, 'usageMetadata', 'totalTokenCount'))),
    creates: 0,
    warnings: [],
  };
}

function sum(numbers: readonly (number | undefined)[]): number {
  return numbers.reduce((all: number, one) => all + (one ?? 0), 0);
}
