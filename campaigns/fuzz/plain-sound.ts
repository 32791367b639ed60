import { ByteReader } from '../../src/audio/files/byte-reader.js';
import { plainMs, plainSound, readPlainHeader } from '../../src/audio/files/plain-sound.js';
import { aiff } from '../../test/audio/files/aiff-bytes.js';
import { byteTarget } from '../fuzzing/inputs.js';
import { isForPeople } from '../fuzzing/refusals.js';
import { mayRefuse } from '../fuzzing/target.js';

function au(encoding: number): Uint8Array {
  const bytes = Buffer.alloc(324, 0x31);
  bytes.write('.snd');
  for (const [at, value] of [24, 300, encoding, 8000, 2].entries()) bytes.writeUInt32BE(value, 4 + 4 * at);
  return bytes;
}

export const target = byteTarget({
  about: 'AIFF and AU files: left to another decoder, refused in words, or read to numbers between -1 and 1',
  seeds: [aiff(Buffer.alloc(400, 7), 44_100), au(1), au(3), au(4), au(6), au(27)],
  async check(bytes) {
    const reader = new ByteReader(pieces(bytes));
    await mayRefuse(async () => {
      const format = bytes[0] === 0x2e ? 'au' : 'aiff';
      const header = await readPlainHeader(format, reader);
      if (header === undefined) return;
      const ms = plainMs(header);
      if (ms !== undefined && !(ms >= 0 && Number.isFinite(ms))) throw new Error(`a length of ${ms} ms`);
      for await (const { samples } of plainSound(reader, header, 'a.aiff')) {
        for (const sample of samples) {
          if (!Number.isFinite(sample) || Math.abs(sample) > 1.001) throw new Error(`a sample of ${sample}`);
        }
      }
    }, isForPeople);
  },
});

/** Cut at places that no reader expects. */
async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += 13) yield bytes.subarray(at, at + 13);
}
