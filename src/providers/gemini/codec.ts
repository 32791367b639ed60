import type { Codec, ConnectionSettings } from '../provider.js';
import { createDecoder } from './decode/decode.js';
import { createEncoder } from './encode/encode.js';
import { Exchange } from './exchange.js';

/** Google's Live dialect (BidiGenerateContent). We speak first, with our settings. */
export function createGeminiCodec(connection: ConnectionSettings): Codec {
  const exchange = new Exchange(connection.model, connection.earlierConnections ?? 0);
  return { open: () => [], encode: createEncoder(exchange, connection), decode: createDecoder(exchange) };
}
