import type { Codec } from '../provider.js';
import { createDecoder } from './decode.js';
import { createEncoder } from './encode.js';

/**
 * How a vendor's dialect differs from OpenAI's generally available one. One field per difference that a vendor
 * really has; a new vendor adds fields here and reads them in one place.
 */
export interface Switches {
  /** PCM16 mono rates we declare, in Hz. */
  readonly inputRateHz: number;
  readonly outputRateHz: number;
  /** The model that writes down what the user says, where the settings name none. */
  readonly transcriptionModel: string;
}

/** The dialect of OpenAI's Realtime API, which many servers speak. The server speaks first. */
export function createCompatibleCodec(switches: Switches): Codec {
  return { open: () => [], encode: createEncoder(switches), decode: createDecoder() };
}
