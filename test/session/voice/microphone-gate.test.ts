import { describe, expect, it } from 'vitest';
import type { SessionSettings } from '../../../src/contract/settings.js';
import type { TurnKeeper } from '../../../src/contract/turn-keeper.js';
import { MicrophoneGate } from '../../../src/session/voice/microphone-gate.js';

const frame = new Uint8Array(960).fill(1);

function open(settings: SessionSettings = {}, keeper: TurnKeeper = 'provider') {
  const sent: Uint8Array[] = [];
  return { sent, microphone: new MicrophoneGate(keeper, settings, (pcm) => sent.push(pcm)) };
}

describe('MicrophoneGate', () => {
  it('passes frames on as they are', () => {
    const { microphone, sent } = open();
    microphone.frame(frame);
    expect(sent).toEqual([frame]);
  });

  it('sends just enough silence after muting for the server to end the turn', () => {
    const { microphone, sent } = open({ turnDetection: { type: 'server', silenceMs: 500 } });
    microphone.muted = true;
    for (let i = 0; i < 500; i += 1) microphone.frame(frame);
    expect(sent).toHaveLength(60);
    expect(sent.every((pcm) => pcm.every((byte) => byte === 0))).toBe(true);
    microphone.muted = false;
    microphone.frame(frame);
    expect(sent.at(-1)).toBe(frame);
  });

  it('sends nothing after muting where our own detector has ended the turn already', () => {
    const { microphone, sent } = open({}, 'client');
    microphone.muted = true;
    microphone.frame(frame);
    expect(sent).toEqual([]);
  });

  it('where turns are manual, sends from just before the talk key until it is pressed again', () => {
    const { microphone, sent } = open({}, 'hand');
    for (let i = 0; i < 50; i += 1) microphone.frame(frame);
    expect(sent).toEqual([]);
    expect(microphone.toggleTalk(() => {})).toBe(true);
    expect(sent).toHaveLength(10);
    microphone.frame(frame);
    expect(sent).toHaveLength(11);
    expect(microphone.toggleTalk(() => {})).toBe(false);
    microphone.frame(frame);
    expect(sent).toHaveLength(11);
  });
});
