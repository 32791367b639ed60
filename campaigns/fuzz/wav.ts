import { ByteReader } from '../../src/audio/files/byte-reader.js';
import { wavHeader } from '../../src/audio/files/wav/wav-layout.js';
import { readWav } from '../../src/audio/files/wav/wav-reader.js';
import { byteTarget } from '../fuzzing/inputs.js';
import { inPieces } from '../fuzzing/pieces.js';
import { isForPeople } from '../fuzzing/refusals.js';
import { mayRefuse } from '../fuzzing/target.js';

/** A container with one chunk before its format, and a format with `extra` bytes of extension. */
function wav(codec: number, bits: number, channels: number, rateHz: number, dataBytes: number): Uint8Array {
  const blockBytes = (bits / 8) * channels;
  const bytes = Buffer.alloc(12 + 8 + 6 + 8 + 18 + 8 + dataBytes);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVELIST', 8);
  bytes.writeUInt32LE(6, 16);
  bytes.write('fmt ', 26);
  bytes.writeUInt32LE(18, 30);
  bytes.writeUInt16LE(codec, 34);
  bytes.writeUInt16LE(channels, 36);
  bytes.writeUInt32LE(rateHz, 38);
  bytes.writeUInt32LE(rateHz * blockBytes, 42);
  bytes.writeUInt16LE(blockBytes, 46);
  bytes.writeUInt16LE(bits, 48);
  bytes.write('data', 52);
  bytes.writeUInt32LE(dataBytes, 56);
  for (let at = 60; at < bytes.length; at++) bytes[at] = (at * 37) & 0xff;
  return bytes;
}

const plain = Buffer.concat([wavHeader({ rateHz: 24_000, channels: 1 }, 400), Buffer.alloc(400, 7)]);

export const target = byteTarget({
  about: 'WAV files: refused in words, or read to numbers between -1 and 1',
  seeds: [
    plain,
    wav(1, 24, 2, 48_000, 600),
    wav(3, 32, 1, 16_000, 400),
    wav(6, 8, 1, 8000, 200),
    wav(7, 8, 2, 8000, 200),
  ],
  async check(bytes) {
    await mayRefuse(async () => {
      const { samples } = await readWav(new ByteReader(inPieces(bytes, 13)), {
        name: 'a.wav',
        totalBytes: bytes.length,
      });
      for await (const chunk of samples) {
        for (const sample of chunk) {
          if (!Number.isFinite(sample) || Math.abs(sample) > 1.001) throw new Error(`a sample of ${sample}`);
        }
      }
    }, isForPeople);
  },
});
