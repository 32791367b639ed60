import type { Codec, ConnectionSettings } from '../provider.js';
import { ConnectionState } from './connection-state.js';
import { createDecoder } from './decode/decode.js';
import { createEncoder } from './encode/encode.js';

/** The codec of Google's Live API (BidiGenerateContent). The client sends the first message, with its settings. */
export function createGeminiCodec(connection: ConnectionSettings): Codec {
  const state = new ConnectionState(connection.model);
  return { open: () => [], encode: createEncoder(state, connection), decode: createDecoder(state) };
}
