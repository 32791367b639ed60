// What a codec costs per delta of sound, compared with the minimum for the same frame: JSON.parse and base64.
import { findProvider, providerIds } from '../dist/index.js';
import { median, ratio } from './statistics.js';

const deltas = 3000;
const rounds = 9;
const outputRateHz = 24_000;

/** 100 ms of noise: nothing in it repeats. */
const sound = Buffer.from(
  Int16Array.from({ length: outputRateHz / 10 }, () => Math.random() * 65_536 - 32_768).buffer,
);
const base64 = sound.toString('base64');

const ids = {
  event_id: 'event_1',
  response_id: 'resp_1',
  item_id: 'item_1',
  output_index: 0,
  content_index: 0,
};
const openaiFrame = (type) => JSON.stringify({ type, ...ids, delta: base64 });

/** How the providers that differ from OpenAI send sound. */
const frames = {
  dashscope: openaiFrame('response.audio.delta'),
  volcengine: openaiFrame('response.audio.delta'),
  gemini: Buffer.from(
    JSON.stringify({
      serverContent: {
        modelTurn: { parts: [{ inlineData: { mimeType: 'audio/pcm;rate=24000', data: base64 } }] },
      },
    }),
  ),
};

/** Any address works: nothing is connected. */
const settings = (provider) => ({
  model: provider.defaultModel === '' ? 'bench' : provider.defaultModel,
  env: {},
  options: { resource: 'bench', folder: 'bench', workspace: 'bench' },
});

function soundOf(frame) {
  const { delta, serverContent } = JSON.parse(typeof frame === 'string' ? frame : frame.toString('utf8'));
  return Buffer.from(delta ?? serverContent.modelTurn.parts[0].inlineData.data, 'base64');
}

/** Milliseconds for all deltas. The output is counted, so that no work can be optimized away. */
function time(decode, expected) {
  const startedAt = performance.now();
  let bytes = 0;
  for (let n = 0; n < deltas; n += 1) bytes += decode();
  if (bytes !== expected) throw new Error(`${bytes} bytes of sound came out, not ${expected}`);
  return performance.now() - startedAt;
}

export async function decode() {
  const rows = [];
  for (const id of providerIds()) {
    const provider = await findProvider(id);
    const frame = frames[id] ?? openaiFrame('response.output_audio.delta');
    const codec = provider.codec(settings(provider));
    const ours = () => {
      for (const event of codec.decode(frame))
        if (event.type === 'audio.delta') return event.audio.byteLength;
      return 0;
    };
    const least = () => soundOf(frame).byteLength;
    const expected = sound.byteLength * deltas;
    time(ours, expected);
    time(least, expected);
    const [mine, theirs] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      mine.push(time(ours, expected));
      theirs.push(time(least, expected));
    }
    const [a, b] = [median(mine), median(theirs)];
    const micros = (ms) => `${((ms * 1000) / deltas).toFixed(1)} µs`;
    rows.push({
      what: `decoding a delta of 100 ms, ${id}, against JSON.parse and base64`,
      value: ratio(a, b),
      goal: '≤ 1.5 ×',
      detail: `${micros(a)} / ${micros(b)}`,
    });
  }
  return rows;
}
