import type { Codec } from '../provider.js';
import { createDecoder } from './decode.js';
import { createEncoder } from './encode.js';
import type { Switches } from './switches.js';

/** The dialect of OpenAI's Realtime API, which many servers speak. The server speaks first. */
export function createCompatibleCodec(switches: Switches): Codec {
  return { open: () => [], encode: createEncoder(switches), decode: createDecoder() };
}
