import { describe, expect, test } from 'vitest';
import { linearToMuLaw } from '../../../src/audio/samples/g711.js';
import { pcmOf, samplesOf } from '../../../src/audio/samples/pcm16.js';
import { createCompatibleCodec } from '../../../src/providers/compatible/codec.js';
import { atRatesOf } from '../../../src/providers/compatible/sample-format.js';
import { gaDialect } from '../../../src/providers/compatible/switches.js';

const sampleFormats = { input: 'pcmu', output: 'pcmu' } as const;
const pcm24 = {
  audio: {
    input: { format: { type: 'audio/pcm', rate: 24_000 } },
    output: { format: { type: 'audio/pcm', rate: 24_000 } },
  },
};
const pcmu = {
  audio: { input: { format: { type: 'audio/pcmu' } }, output: { format: { type: 'audio/pcmu' } } },
};
const refusal = (param?: string) => ({
  type: 'error',
  error: { type: 'invalid_request_error', code: 'x', message: 'No.', event_id: 's1', param },
});

/** A client that asks for G.711, and a server that answers with these frames. */
function talk(...frames: object[]) {
  const codec = createCompatibleCodec(atRatesOf(sampleFormats, { ...gaDialect, sampleFormats }));
  const update = (eventId: string) => codec.encode({ type: 'session.update', settings: {}, eventId });
  const named = (frames: readonly (string | Uint8Array)[]) => {
    const { audio = {} } = JSON.parse(String(frames[0])).session;
    return ['input', 'output'].filter((side) => audio[side]?.format !== undefined);
  };
  const first = named(update('s1'));
  for (const frame of frames) codec.decode(JSON.stringify(frame));
  const play = (bytes: Uint8Array) => {
    const part = { response_id: 'r', item_id: 'i', output_index: 0, content_index: 0 };
    const delta = Buffer.from(bytes).toString('base64');
    const events = [
      ...codec.decode(JSON.stringify({ type: 'response.output_audio.delta', ...part, delta })),
      ...codec.decode(JSON.stringify({ type: 'response.output_audio.done', ...part })),
    ];
    return Buffer.concat(events.flatMap((event) => (event.type === 'audio.delta' ? [event.audio] : [])));
  };
  const send = (pcm: Uint8Array) => {
    const [frame] = codec.encode({ type: 'audio.append', audio: pcm });
    return Buffer.from(JSON.parse(String(frame)).audio, 'base64');
  };
  return { first, again: () => named(update('s2')), play, send };
}

function sine(rateHz: number, seconds: number): Float32Array {
  return Float32Array.from(
    { length: rateHz * seconds },
    (_, n) => 0.5 * Math.sin((2 * Math.PI * 440 * n) / rateHz),
  );
}

function asMuLaw(samples: Float32Array): Uint8Array {
  return Uint8Array.from(samples, (sample) => linearToMuLaw(Math.round(sample * 32_767)));
}

/** Crossings of zero in a second; 880 for a tone of 440 Hz, thousands for noise. */
function crossings(pcm: Uint8Array, rateHz: number): number {
  const samples = samplesOf(pcm);
  let count = 0;
  for (let n = 1; n < samples.length; n += 1) if (samples[n - 1]! < 0 !== samples[n]! < 0) count += 1;
  return (count * rateHz) / samples.length;
}

describe('a tone stays a tone at the rate of the profile, whatever the server does with the format', () => {
  const tone24 = pcmOf(sine(24_000, 1));
  const tone8 = asMuLaw(sine(8000, 1));

  test.each([
    ['confirms G.711', tone8, [{ type: 'session.updated', session: pcmu }]],
    ['confirms without a word of formats', tone8, [{ type: 'session.updated', session: {} }]],
    ['never confirms', tone8, []],
    ['confirms PCM instead', tone24, [{ type: 'session.updated', session: pcm24 }]],
    ['refuses, and has said what it has', tone24, [{ type: 'session.created', session: pcm24 }, refusal()]],
    ['refuses, and has said nothing', tone24, [{ type: 'session.created', session: {} }, refusal()]],
    ['refuses the formats', tone24, [refusal('session.format')]],
  ])('it %s', (_what, sound, frames) => {
    const { first, play, send } = talk(...frames);
    expect(first).toEqual(['input', 'output']);
    const heard = play(sound);
    expect(heard.byteLength / 2).toBe(8000);
    expect(crossings(heard, 8000)).toBeCloseTo(880, -1);
    const said = send(pcmOf(sine(8000, 1)));
    const bytesPerS = sound === tone8 ? 8000 : 48_000;
    expect(Math.abs(said.byteLength - bytesPerS)).toBeLessThan(bytesPerS / 50);
  });

  test('formats are named again until they are taken', () => {
    expect(talk(refusal('session.audio.output.voice')).again()).toEqual(['input', 'output']);
    expect(talk({ type: 'session.updated', session: {} }).again()).toEqual([]);
    expect(talk(refusal('session.audio.output.format')).again()).toEqual(['input']);
    expect(talk(refusal('session.audio.input.format')).again()).toEqual(['output']);
    expect(talk(refusal('session.format')).again()).toEqual([]);
    const other = { ...refusal(), error: { ...refusal().error, event_id: 'else' } };
    expect(talk(other).again()).toEqual([]);
  });

  test('after the second try the server has the format', () => {
    const { again, play } = talk(refusal('session.speed'));
    expect(again()).toEqual(['input', 'output']);
    expect(play(tone24).byteLength / 2).toBe(8000);
  });
});
