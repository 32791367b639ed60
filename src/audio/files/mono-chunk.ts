/** A piece of decoded sound. Compressed formats reveal their rate only with it, and may change it on the way. */
export interface MonoChunk {
  /** −1 to 1. */
  readonly samples: Float32Array;
  readonly rateHz: number;
}
