import { serverEvents } from '../../src/engines/http/server-events.js';
import { AnswerFilter } from '../../src/engines/think/answer-filter.js';
import { ChatError, ChatStream } from '../../src/engines/think/chat-stream.js';

import { mutateJson } from '../fuzzing/mutate-json.js';
import { mutateText } from '../fuzzing/mutate-text.js';
import { inPieces } from '../fuzzing/pieces.js';
import { type FuzzTarget, mayRefuse } from '../fuzzing/target.js';

const call = { index: 0, id: 'call_1', type: 'function', function: { name: 'get_time', arguments: '{"a":' } };
const chunks: readonly unknown[] = [
  {
    id: 'c',
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: { role: 'assistant', content: '' } }],
  },
  { choices: [{ delta: { content: '<think>Hm.</think>Hello' } }] },
  { choices: [{ delta: { content: [{ type: 'text', text: ' there' }], reasoning_content: 'so' } }] },
  { choices: [{ delta: { tool_calls: [call] } }] },
  { choices: [{ delta: { tool_calls: [{ index: 0, function: { arguments: '1}' } }] } }] },
  {
    choices: [{ delta: {}, finish_reason: 'tool_calls' }],
    usage: { prompt_tokens: 3, completion_tokens: 4 },
  },
  {
    choices: [
      { message: { role: 'assistant', content: 'Whole.', tool_calls: [call] }, finish_reason: 'length' },
    ],
  },
  { error: { message: 'overloaded', type: 'server_error', code: 503 } },
  { object: 'error', message: 'bad', code: 400 },
  { detail: 'not found' },
];

export const target: FuzzTarget = {
  about: 'streams of a thinking engine: events, chat chunks and reasoning in them',
  attempt(random) {
    const events = Array.from({ length: 1 + random.below(10) }, () => {
      const chunk = random.pick(chunks);
      const text = random.below(3) === 0 ? mutateJson(chunk, chunks, random) : JSON.stringify(chunk);
      return random.pick([
        `data: ${text}\n\n`,
        `data:${text}\r\n\r\n`,
        `event: error\ndata: ${text}\n\n`,
        `${text}\n`,
      ]);
    });
    const whole = `${events.join('')}${random.pick(['data: [DONE]\n\n', '', 'data: '])}`;
    const text =
      random.below(4) === 0 ? mutateText(whole, ['data:', 'event:', '\n\n', '[DONE]'], random) : whole;
    const pieceBytes = 1 + random.below(40);
    return { shown: JSON.stringify(text), run: () => mayRefuse(() => read(text, pieceBytes), isRefusal) };
  },
};

/** An engine's own words, broken JSON, and a line that never ends. */
function isRefusal(error: unknown): boolean {
  if (error instanceof ChatError || error instanceof SyntaxError) return true;
  return error instanceof RangeError && /more than a million/.test(error.message);
}

async function read(text: string, pieceBytes: number): Promise<void> {
  const stream = new ChatStream();
  const filter = new AnswerFilter({ tools: ['get_time'] });
  let said = '';
  for await (const event of serverEvents(inPieces(Buffer.from(text), pieceBytes)))
    said += filter.push(stream.take(event));
  said += filter.flush();
  if (typeof said !== 'string' || said.includes('undefined') !== text.includes('undefined'))
    throw new Error('odd words');
  for (const { name, arguments: written } of stream.calls) {
    if (typeof name !== 'string' || typeof written !== 'string')
      throw new Error('a call without a name or arguments');
  }
}
