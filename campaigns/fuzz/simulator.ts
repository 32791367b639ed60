import { isObject } from '../../src/base/json.js';
import { SessionDriver } from '../../test/simulator/session-driver.js';
import { mutateJson } from '../fuzzing/mutate-json.js';
import type { FuzzTarget } from '../fuzzing/target.js';

const tool = {
  type: 'function',
  name: 'f',
  description: 'd',
  parameters: { type: 'object', properties: {} },
};
const message = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hello' }] };
const requests: readonly unknown[] = [
  {
    type: 'session.update',
    session: { type: 'realtime', instructions: 'x', tools: [tool], output_modalities: ['text'] },
  },
  { type: 'session.update', session: { type: 'realtime', audio: { input: { turn_detection: null } } } },
  { type: 'input_audio_buffer.append', audio: Buffer.alloc(960, 9).toString('base64') },
  { type: 'input_audio_buffer.commit' },
  { type: 'input_audio_buffer.clear' },
  { type: 'conversation.item.create', item: message, previous_item_id: null },
  { type: 'conversation.item.create', item: { type: 'function_call_output', call_id: 'c', output: 'o' } },
  { type: 'conversation.item.delete', item_id: 'item_1' },
  { type: 'conversation.item.retrieve', item_id: 'item_1' },
  { type: 'conversation.item.truncate', item_id: 'item_1', content_index: 0, audio_end_ms: 10 },
  { type: 'response.create', response: { conversation: 'none', metadata: { a: 'b' }, input: [message] } },
  { type: 'response.create' },
  { type: 'response.cancel' },
];

export const target: FuzzTarget = {
  about: 'requests to the simulator: answered or refused, and every answer is an event',
  attempt(random) {
    const frames = Array.from({ length: 1 + random.below(8) }, () => {
      const request = random.pick(requests);
      return random.below(2) === 0 ? mutateJson(request, requests, random) : JSON.stringify(request);
    });
    return {
      shown: JSON.stringify(frames),
      run: () => {
        const driver = new SessionDriver();
        for (const frame of frames) driver.session.receive(frame);
        for (const frame of driver.frames) {
          const event: unknown = JSON.parse(frame);
          if (!isObject(event) || typeof event.type !== 'string')
            throw new Error(`not an event: ${frame.slice(0, 200)}`);
        }
        driver.session.end();
      },
    };
  },
};
