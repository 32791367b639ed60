import { expect, it } from 'vitest';
import { createCompatibleCodec } from '../../../src/providers/compatible/codec.js';
import { gaDialect } from '../../../src/providers/compatible/switches.js';

const extra = { type: 'realtime', mood: { wild: true, loud: 3 } };

function talk() {
  const codec = createCompatibleCodec(gaDialect);
  let number = 0;
  return {
    update(change: object = {}) {
      number += 1;
      const settings = { voice: 'marin', extra: { ...extra, ...change } };
      const [frame] = codec.encode({ type: 'session.update', settings, eventId: `s${number}` });
      return JSON.parse(String(frame)).session;
    },
    refuse(param: string, eventId = `s${number}`) {
      const error = { type: 'invalid_request_error', code: 'x', message: 'No.', param, event_id: eventId };
      codec.decode(JSON.stringify({ type: 'error', error }));
    },
    confirm: () => codec.decode(JSON.stringify({ type: 'session.updated', session: {} })),
  };
}

it('a refused field of the dialect, or of the user, is left out with that value', () => {
  const { update, refuse } = talk();
  expect(update()).toMatchObject(extra);
  refuse('session.type');
  expect(update()).not.toHaveProperty('type');
  refuse('session.mood.loud');
  expect(update()).toMatchObject({ mood: { wild: true } });
  expect(update().mood).not.toHaveProperty('loud');
  expect(update({ mood: { loud: 2 } }).mood).toEqual({ loud: 2 });
});

it('what is refused later, or of another update, is not', () => {
  const { update, refuse, confirm } = talk();
  update();
  refuse('session.type', 'else');
  expect(update()).toHaveProperty('type');
  confirm();
  refuse('session.type');
  expect(update()).toHaveProperty('type');
});
