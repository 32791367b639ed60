import type { PartKey } from '../../contract/events.js';

/**
 * The messages on the socket between a session and its sound helper: frames of a little-endian 32-bit length (type and
 * payload), one byte of type, the payload. Audio stays binary; everything else is JSON.
 */
export const FrameType = {
  /** Both ways: one JSON message, see `messages.ts`. */
  message: 1,
  /** To the helper: the part, then PCM16 to play. */
  play: 2,
  /** From the helper: the level (32-bit float), then 20 ms of PCM16. */
  microphone: 3,
} as const;

export interface WireFrame {
  readonly type: number;
  readonly payload: Uint8Array;
}

/** A frame of more than a minute of sound means a broken stream. */
const maxBytes = 64 * 1024 * 1024;

export function encodeFrame(type: number, ...payload: readonly Uint8Array[]): Uint8Array {
  const length = payload.reduce((sum, bytes) => sum + bytes.length, 1);
  const frame = new Uint8Array(4 + length);
  new DataView(frame.buffer).setUint32(0, length, true);
  frame[4] = type;
  let at = 5;
  for (const bytes of payload) {
    frame.set(bytes, at);
    at += bytes.length;
  }
  return frame;
}

/** Cuts a stream of bytes, however it arrives, into frames. */
export class FrameReader {
  private held = new Uint8Array(0);

  /** @throws RangeError when the stream is not one of ours. */
  read(bytes: Uint8Array): WireFrame[] {
    const all = new Uint8Array(this.held.length + bytes.length);
    all.set(this.held);
    all.set(bytes, this.held.length);
    const view = new DataView(all.buffer);
    const frames: WireFrame[] = [];
    let at = 0;
    while (all.length - at >= 4) {
      const length = view.getUint32(at, true);
      if (length === 0 || length > maxBytes) throw new RangeError(`a frame of ${length} bytes`);
      if (all.length - at < 4 + length) break;
      frames.push({ type: view.getUint8(at + 4), payload: all.subarray(at + 5, at + 4 + length) });
      at += 4 + length;
    }
    this.held = all.slice(at);
    return frames;
  }
}

export function encodePlay({ itemId, contentIndex }: PartKey, pcm: Uint8Array): Uint8Array {
  const id = new TextEncoder().encode(itemId);
  const head = new Uint8Array(8);
  const view = new DataView(head.buffer);
  view.setUint32(0, contentIndex, true);
  view.setUint32(4, id.length, true);
  return encodeFrame(FrameType.play, head, id, pcm);
}

/** @throws RangeError on a payload that `encodePlay` did not make. */
export function decodePlay(payload: Uint8Array): { part: PartKey; pcm: Uint8Array } {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const idBytes = view.getUint32(4, true);
  const itemId = new TextDecoder().decode(payload.subarray(8, 8 + idBytes));
  return { part: { itemId, contentIndex: view.getUint32(0, true) }, pcm: payload.subarray(8 + idBytes) };
}

export function encodeMicrophone(audio: Uint8Array, level: number): Uint8Array {
  const head = new Uint8Array(4);
  new DataView(head.buffer).setFloat32(0, level, true);
  return encodeFrame(FrameType.microphone, head, audio);
}

/** @throws RangeError on a payload that `encodeMicrophone` did not make. */
export function decodeMicrophone(payload: Uint8Array): { audio: Uint8Array; level: number } {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  return { level: view.getFloat32(0, true), audio: payload.slice(4) };
}
