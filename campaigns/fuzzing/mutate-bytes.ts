import type { Random } from '../../src/testing/contract/random.js';

/** Bytes with a few changes: bits, runs, lengths and numbers that are no good, pieces of other seeds, an early end. */
export function mutateBytes(seed: Uint8Array, others: readonly Uint8Array[], random: Random): Uint8Array {
  let bytes = Uint8Array.from(seed);
  // Headers decide more than what follows.
  const place = () => random.below(random.below(2) === 0 ? Math.min(64, bytes.length + 1) : bytes.length + 1);
  for (let change = 0; change <= random.below(6); change++) {
    const from = place();
    const to = Math.min(bytes.length, from + random.below(random.pick([2, 8, 64])));
    switch (random.below(7)) {
      case 0:
        bytes[from] = (bytes[from] ?? 0) ^ (1 << random.below(8));
        break;
      case 1:
        bytes = joined(bytes.subarray(0, from), bytes.subarray(to));
        break;
      case 2:
        bytes = joined(bytes.subarray(0, from), random.bytes(16), bytes.subarray(from));
        break;
      case 3:
        bytes = joined(bytes.subarray(0, to), bytes.subarray(from));
        break;
      case 4:
        putNumber(bytes, from, random);
        break;
      case 5: {
        const other = random.pick(others);
        const start = random.below(other.length + 1);
        bytes = joined(
          bytes.subarray(0, from),
          other.subarray(start, start + random.below(200)),
          bytes.subarray(to),
        );
        break;
      }
      default:
        if (random.below(4) === 0) bytes = bytes.slice(0, from);
    }
  }
  return bytes;
}

const limits = [
  0, 1, 2, 3, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff,
];

function putNumber(bytes: Uint8Array, at: number, random: Random): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = random.pick([1, 2, 4]);
  if (at + size > bytes.length) return;
  const value = random.pick(limits);
  const littleEndian = random.below(2) === 0;
  if (size === 1) view.setUint8(at, value);
  else if (size === 2) view.setUint16(at, value, littleEndian);
  else view.setUint32(at, value, littleEndian);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
