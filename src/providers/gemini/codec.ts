import type { Codec, ConnectionSettings } from '../provider.js';
import { createDecoder } from './decode/decode.js';
import { createEncoder } from './encode/encode.js';
import { Exchange } from './exchange.js';

/** The codec of Google's Live API (BidiGenerateContent). The client sends the first message, with its settings. */
export function createGeminiCodec(connection: ConnectionSettings): Codec {
  const exchange = new Exchange(connection.model);
  return { open: () => [], encode: createEncoder(exchange, connection), decode: createDecoder(exchange) };
}
