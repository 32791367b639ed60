import { describe, expect, it } from 'vitest';
import { VoiceInput } from '../../../src/session/voice/voice-input.js';
import { fullProfile } from '../../conversation/support/profiles.js';

const frameBytes = 960; // 20 ms at 24 kHz

/** Every frame has a number of its own. */
function speak() {
  const sent: number[] = [];
  const voice = new VoiceInput(
    { profile: fullProfile, settings: { turnDetection: { type: 'server' } } },
    {
      began: () => {},
      sound: (pcm) => sent.push(pcm[0] ?? -1),
      ended: () => {},
      discarded: () => {},
    },
  );
  let next = 0;
  const frames = (count: number) => {
    for (let index = 0; index < count; index += 1) voice.hear(new Uint8Array(frameBytes).fill(next++));
  };
  return { voice, sent, frames };
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

describe('sound where the provider ends the turns', () => {
  it('loses no beginning of a turn to a change of connection of our own', () => {
    const { voice, sent, frames } = speak();
    frames(100);
    sent.length = 0;
    voice.linkLost(true);
    frames(10);
    expect(sent).toEqual([]);
    voice.linkRestored();
    expect(sent).toEqual(numbers(70, 110));
    voice.linkLost(true);
    voice.linkRestored();
    expect(sent.slice(40)).toEqual(numbers(80, 110));
  });

  it('sends nothing twice where the connection was lost, or from before it was muted', () => {
    const { voice, sent, frames } = speak();
    frames(100);
    sent.length = 0;
    voice.linkLost();
    frames(5);
    voice.linkRestored();
    expect(sent).toEqual(numbers(100, 105));
    voice.muted = true;
    voice.linkLost(true);
    voice.linkRestored();
    expect(sent).toHaveLength(5);
  });
});
