/** One WebSocket message: text, or binary. */
export type Frame = string | Uint8Array;
