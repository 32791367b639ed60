import { expect, it } from 'vitest';
import { backendsHere } from '../../../src/audio/backends/usable-backends.js';
import { FrameReader } from '../../../src/audio/helper/frames.js';
import { decodeOrder, encodeMessage, type Order } from '../../../src/audio/helper/messages.js';
import { configSchema } from '../../../src/config/schema.js';
import {
  backendChoices,
  echoChoices,
  echoModes,
  soundBackends,
} from '../../../src/contract/sound-options.js';

/** As the helper reads it. */
function received(order: Order): Order | undefined {
  const [frame] = new FrameReader().read(encodeMessage(order));
  return frame && decodeOrder(frame.payload);
}

it.each(backendChoices)('the backend %s can be configured, and ordered from the helper', (backend) => {
  expect(configSchema.parse({ audio: { backend } })).toEqual({ audio: { backend } });
  expect(received({ type: 'list', backend })).toEqual({ type: 'list', backend });
});

it.each(echoChoices)('the echo mode %s can be configured', (echo) => {
  expect(configSchema.parse({ audio: { echo } })).toEqual({ audio: { echo } });
});

it.each(echoModes)('the echo mode %s can be ordered from the helper', (mode) => {
  expect(received({ type: 'echo', mode })).toEqual({ type: 'echo', mode });
});

it.runIf(process.platform !== 'win32')('every backend is tried here, in the order of the list', () => {
  expect(backendsHere).toEqual(soundBackends);
});
