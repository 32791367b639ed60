import { describe, expect, it } from 'vitest';
import { createCompatibleCodec } from '../../../src/providers/compatible/codec.js';
import { betaDialect } from '../../../src/providers/compatible/switches.js';
import { openai } from '../../../src/providers/openai/provider.js';
import type { VendorOptions } from '../../../src/providers/vendor-options.js';
import { xai } from '../../../src/providers/xai/provider.js';

const telephone: VendorOptions = { inputFormat: 'pcmu', outputFormat: 'pcma' };

function codec(options: VendorOptions) {
  return openai.codec({ model: openai.defaultModel, env: {}, options });
}

function pcm(...samples: number[]): Uint8Array {
  return new Uint8Array(Int16Array.from(samples).buffer);
}

function delta(bytes: readonly number[]): string {
  return JSON.stringify({
    type: 'response.output_audio.delta',
    response_id: 'r',
    item_id: 'i',
    content_index: 0,
    delta: Buffer.from(bytes).toString('base64'),
  });
}

describe('audio on the wire', () => {
  it('is PCM16 at 24 kHz by default', () => {
    expect(openai.profile(openai.defaultModel)).toMatchObject({ inputRateHz: 24_000, outputRateHz: 24_000 });
    const [frame] = codec({}).encode({ type: 'audio.append', audio: pcm(1, 2) });
    expect(JSON.parse(String(frame)).audio).toBe(Buffer.from(pcm(1, 2)).toString('base64'));
  });

  it('can be G.711 at 8 kHz, separately for each direction', () => {
    expect(openai.profile(openai.defaultModel, telephone)).toMatchObject({
      inputRateHz: 8000,
      outputRateHz: 8000,
    });
    expect(openai.profile(openai.defaultModel, { inputFormat: 'pcma' })).toMatchObject({
      inputRateHz: 8000,
      outputRateHz: 24_000,
    });
    const [frame] = codec(telephone).encode({ type: 'session.update', settings: {} });
    expect(JSON.parse(String(frame)).session.audio).toEqual({
      input: { format: { type: 'audio/pcmu' } },
      output: { format: { type: 'audio/pcma' } },
    });
  });

  it('is encoded and decoded as the standard says', () => {
    // ITU-T G.711: silence is 0xFF in µ-law, the loudest samples are 0x80 and 0x00.
    const [frame] = codec(telephone).encode({ type: 'audio.append', audio: pcm(0, 32_767, -32_768) });
    expect([...Buffer.from(JSON.parse(String(frame)).audio, 'base64')]).toEqual([0xff, 0x80, 0x00]);
    // A-law: 0xD5 is the smallest step above silence, 0xAA the loudest.
    const [event] = codec(telephone).decode(delta([0xd5, 0xaa, 0x2a]));
    expect(event).toMatchObject({ type: 'audio.delta' });
    if (event?.type !== 'audio.delta') return;
    expect([...new Int16Array(Uint8Array.from(event.audio).buffer)]).toEqual([8, 32_256, -32_256]);
  });

  it('survives encoding and decoding within its precision', () => {
    const both = codec({ inputFormat: 'pcmu', outputFormat: 'pcmu' });
    const samples = Array.from({ length: 500 }, (_, i) => Math.round(Math.sin(i / 9) * 20_000));
    const [frame] = both.encode({ type: 'audio.append', audio: pcm(...samples) });
    const [event] = both.decode(delta([...Buffer.from(JSON.parse(String(frame)).audio, 'base64')]));
    if (event?.type !== 'audio.delta') throw new Error('no sound');
    const back = new Int16Array(Uint8Array.from(event.audio).buffer);
    for (const [i, sample] of samples.entries()) {
      expect(Math.abs((back[i] ?? 0) - sample)).toBeLessThanOrEqual(Math.max(16, Math.abs(sample) / 16));
    }
  });

  it('has other names in the beta, and is supported by xAI', () => {
    const beta = createCompatibleCodec({ ...betaDialect, sampleFormats: { input: 'pcmu', output: 'pcma' } });
    const [frame] = beta.encode({ type: 'session.update', settings: {} });
    expect(JSON.parse(String(frame)).session).toMatchObject({
      input_audio_format: 'g711_ulaw',
      output_audio_format: 'g711_alaw',
    });
    expect(xai.profile('grok-voice-latest', telephone)).toMatchObject({
      inputRateHz: 8000,
      outputRateHz: 8000,
    });
  });

  it('keeps a compatible server awake in its own format', () => {
    const compat = { dialect: 'beta', keepAliveS: 20 } as const;
    const frames = codec({ compat, inputFormat: 'pcmu' }).keepAlive?.() ?? [];
    const audio = Buffer.from(JSON.parse(String(frames[0])).audio, 'base64');
    expect(audio.length).toBe(800);
    expect(new Set(audio)).toEqual(new Set([0xff]));
  });
});
