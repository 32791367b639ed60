import { describe, expect, it } from 'vitest';
import type { VadEvent } from '../../../src/audio/turns/energy-vad.js';
import type { TurnDetector } from '../../../src/audio/turns/turn-detector.js';
import { VoiceInput } from '../../../src/session/voice/voice-input.js';
import { profile } from '../fake-link.js';
import { frames } from '../frames.js';

function listen(turnDetection: object = {}, turnDetector?: () => TurnDetector) {
  const log: string[] = [];
  let sound = 0;
  const settings = { turnDetection: { type: 'client', ...turnDetection } as const };
  const input = new VoiceInput(
    { profile, settings, turnDetector },
    {
      began: () => log.push('began'),
      sound: (pcm) => {
        sound += pcm.byteLength;
      },
      ended: () => log.push('ended'),
      discarded: () => log.push('discarded'),
    },
  );
  const say = (kind: 'speech' | 'silence', ms: number) => {
    for (const frame of frames(kind, ms)) input.frame(frame);
  };
  return { input, say, log, soundMs: () => (sound * 1000) / 2 / profile.inputRateHz };
}

/** Says what it is told to say, piece by piece. */
function scripted(answers: Readonly<Record<number, VadEvent>>): () => TurnDetector {
  let piece = -1;
  const push = (): VadEvent[] => {
    piece += 1;
    const event = answers[piece];
    return event === undefined ? [] : [event];
  };
  return () => ({ speaking: false, push, flush: () => [], reset: () => {} });
}

describe('our own detector', () => {
  it('sends nothing but the turn, with a little from before it and the silence that ended it', () => {
    const { say, log, soundMs } = listen({ silenceMs: 500, prefixPaddingMs: 300 });
    say('silence', 5000);
    expect(soundMs()).toBe(0);
    say('speech', 1000);
    expect(log).toEqual(['began']);
    expect(soundMs()).toBeGreaterThanOrEqual(1280);
    expect(soundMs()).toBeLessThanOrEqual(1340);
    say('silence', 2000);
    expect(log).toEqual(['began', 'ended']);
    expect(soundMs()).toBeGreaterThanOrEqual(1780);
    expect(soundMs()).toBeLessThanOrEqual(1900);
  });

  it('does not take a cough for a turn', () => {
    const { say, log, soundMs } = listen({ minSpeechMs: 300 });
    for (let cough = 0; cough < 5; cough += 1) {
      say('silence', 1000);
      say('speech', 200);
    }
    say('silence', 1000);
    expect([log, soundMs()]).toEqual([[], 0]);
  });

  it('lets a pause shorter than the hang time be part of the turn', () => {
    const { say, log } = listen({ silenceMs: 600 });
    say('speech', 800);
    say('silence', 500);
    say('speech', 800);
    say('silence', 900);
    expect(log).toEqual(['began', 'ended']);
  });

  it('ends the turn at once when the user mutes in the middle of it, and hears the next one', () => {
    const { input, say, log } = listen();
    say('speech', 800);
    input.muted = true;
    expect(log).toEqual(['began', 'ended']);
    say('speech', 500);
    input.muted = false;
    say('silence', 200);
    expect(log).toEqual(['began', 'ended']);
    say('speech', 800);
    expect(log).toEqual(['began', 'ended', 'began']);
  });

  it('ends the turn when the microphone is gone in the middle of it, and only then', () => {
    const { input, say, log } = listen();
    input.deviceLost();
    expect(log).toEqual([]);
    say('speech', 800);
    input.deviceLost();
    expect(log).toEqual(['began', 'ended']);
  });

  it('has a sound forgotten that the detector took for speech too early', () => {
    const start: VadEvent = { type: 'start', sample: 0, speechSample: 0 };
    const stop: VadEvent = { type: 'stop', sample: 2400, speechSample: 1200 };
    const { say, log } = listen({ minSpeechMs: 200 }, scripted({ 2: start, 5: stop }));
    say('speech', 200);
    expect(log).toEqual(['began', 'discarded']);
  });

  it('does not lose the first sound of a turn, wherever in a frame the detector sees it begin', () => {
    const start: VadEvent = { type: 'start', sample: 1000, speechSample: 1000 };
    const { say, soundMs } = listen({}, scripted({ 9: start }));
    say('silence', 300);
    expect(soundMs()).toBeCloseTo(300 - 1000 / 24, 5);
  });

  it('ends a turn that never ends by itself', () => {
    const start: VadEvent = { type: 'start', sample: 0, speechSample: 0 };
    const { say, log } = listen({}, scripted({ 0: start }));
    say('silence', 111_000);
    expect(log).toEqual(['began', 'ended']);
  });

  it('takes sound in portions of any size', () => {
    const { input, log } = listen();
    const all = [...frames('silence', 500), ...frames('speech', 1000), ...frames('silence', 1500)];
    const bytes = Buffer.concat(all);
    for (let start = 0; start < bytes.length; start += 100_000)
      input.hear(bytes.subarray(start, start + 100_000));
    input.hear(new Uint8Array());
    expect(log).toEqual(['began', 'ended']);
  });
});

describe('where the provider detects turns', () => {
  it('passes everything on, and a commit is a commit', () => {
    const log: string[] = [];
    const input = new VoiceInput(
      { profile, settings: {} },
      {
        began: () => log.push('began'),
        sound: (pcm) => log.push(`${pcm.byteLength}`),
        ended: () => log.push('ended'),
        discarded: () => log.push('discarded'),
      },
    );
    input.frame(new Uint8Array(960));
    input.commit();
    expect(log).toEqual(['960', 'ended']);
    expect(input.toggleTalk()).toBe(false);
  });
});
