// Loaded here, so that its loading does not count for an input.
import '../../src/audio/decode.js';
import { frameHeader } from '../../src/audio/files/mpeg-frames.js';
import { container } from '../../src/audio/files/sniff.js';
import { wavHeader } from '../../src/audio/files/wav/wav-layout.js';
import { engineAddress } from '../../src/engines/http/engine-address.js';
import type { EngineAnswer } from '../../src/engines/http/engine-client.js';
import { spokenSound } from '../../src/engines/speak/spoken-sound.js';
import { mutateBytes } from '../fuzzing/mutate-bytes.js';
import { isForPeople } from '../fuzzing/refusals.js';
import { type FuzzTarget, mayRefuse } from '../fuzzing/target.js';

const pcm = Uint8Array.from({ length: 600 }, (_, n) => (n % 2 === 0 ? n & 0xff : 3));
const wav = Buffer.concat([wavHeader({ rateHz: 24_000, channels: 1 }, 600), pcm]);
const seeds: readonly Uint8Array[] = [
  pcm,
  wav,
  Buffer.concat([wav, wav]),
  Buffer.concat([wavHeader({ rateHz: 22_050, channels: 2 }, 100), pcm]),
  Buffer.from('{"error":{"message":"voice not found","code":404}}'),
  Buffer.from('data: {"type":"speech.audio.delta","audio":"AAAA"}\n\ndata: [DONE]\n\n'),
  Buffer.from('<!doctype html><html><body>502 Bad Gateway</body></html>'),
];
const labels = [
  '',
  'audio/pcm',
  'audio/wav',
  'audio/basic',
  'audio/x-alaw-basic',
  'application/octet-stream',
  'application/json',
  'text/html',
  'text/event-stream',
];

const engine = { url: 'http://127.0.0.1:9/v1' };
const address = engineAddress('speak', engine, { env: {} });
const { signal } = new AbortController();

/** Not the decoders of packed formats, which are those of a package or of ffmpeg. */
export const target: FuzzTarget = {
  about:
    'what speaking engines answer with: words are never played, and sound is read whatever its header says',
  attempt(random) {
    const seed = random.pick(seeds);
    const changed = random.below(20) === 0 ? random.bytes(300) : mutateBytes(seed, seeds, random);
    const bytes = isPacked(changed) ? seed : changed;
    const label = random.pick(labels);
    const piece = 1 + random.below(200);
    return {
      shown: `${label}, in pieces of ${piece}, base64 ${Buffer.from(bytes).toString('base64')}`,
      run: () => mayRefuse(() => play(bytes, label, piece), isForPeople),
    };
  },
};

function isPacked(bytes: Uint8Array): boolean {
  const format = container(bytes) ?? frameHeader(bytes);
  return (
    (format !== undefined && format !== 'wav') ||
    /^(ID3|APETAGEX)/.test(Buffer.from(bytes).toString('latin1'))
  );
}

async function play(bytes: Uint8Array, label: string, piece: number): Promise<void> {
  const { rateHz, samples } = await spokenSound(answer(bytes, label, piece), {
    address,
    engine,
    signal,
    env: { PATH: '/nowhere' },
  });
  if (!(rateHz >= 1000 && rateHz <= 384_000)) throw new Error(`a rate of ${rateHz} Hz`);
  let count = 0;
  for await (const part of samples) count += part.length;
  if (
    /^\s*(\{"error":\{"message"|<!doctype html)/.test(Buffer.from(bytes).toString('latin1')) &&
    isPlain(bytes)
  ) {
    throw new Error(`${count} samples of text`);
  }
}

/** Text without damage in it. */
function isPlain(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 512).every((byte) => byte === 0x0a || (byte >= 0x20 && byte < 0x7f));
}

function answer(bytes: Uint8Array, contentType: string, piece: number): EngineAnswer {
  return {
    contentType,
    async *bytes() {
      for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
    },
    text: () => Promise.reject(new Error('not asked for')),
    object: () => Promise.reject(new Error('not asked for')),
    discard() {},
  };
}
