import type { Codec } from '../provider.js';
import { ConnectionMemory } from './connection-memory.js';
import { createDecoder } from './decode/decode.js';
import { createEncoder } from './encode/encode.js';
import type { Switches } from './switches.js';

/** The codec of OpenAI's Realtime API, which many servers speak. The server sends the first message. */
export function createCompatibleCodec(switches: Switches): Codec {
  const quirks = switches.quirks?.() ?? {};
  const memory = new ConnectionMemory(switches);
  const { keepAlive } = quirks;
  return {
    open: () => [],
    encode: createEncoder(memory, quirks),
    decode: createDecoder(memory, quirks),
    ...(keepAlive !== undefined && { keepAlive: () => keepAlive().map((frame) => JSON.stringify(frame)) }),
  };
}
