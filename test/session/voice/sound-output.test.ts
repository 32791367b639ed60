import { beforeEach, describe, expect, it } from 'vitest';
import type { Sound, SoundEvent } from '../../../src/audio/sound.js';
import type { PartKey } from '../../../src/contract/events.js';
import { findProvider } from '../../../src/providers/registry.js';
import { SoundOutput } from '../../../src/session/voice/sound-output.js';

class Devices implements Sound {
  readonly backend = 'fake';
  readonly outputName = 'speaker';
  readonly played: string[] = [];
  onEvent: (event: SoundEvent) => void = () => {};
  muted = false;
  closed = false;

  constructor(
    public away: boolean,
    readonly inputName: string | null = 'mic',
  ) {}

  play({ itemId }: PartKey): void {
    this.played.push(itemId);
  }

  endPart(): void {}
  clear(): void {}
  setEcho(): void {}

  setMuted(muted: boolean): void {
    this.muted = muted;
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

const part = (itemId: string): PartKey => ({ itemId, contentIndex: 0 });
const pcm = new Uint8Array(960);

describe('SoundOutput', () => {
  const told: string[] = [];

  async function output(devices: Devices | null): Promise<SoundOutput> {
    told.length = 0;
    const profile = (await findProvider('local')).profile('', {});
    return new SoundOutput(devices, profile, {
      feed: ({ type }) => void told.push(type),
      warn: (code) => void told.push(code),
      level: () => undefined,
      frame: () => void told.push('frame'),
      deviceLost: () => undefined,
    });
  }

  beforeEach(() => {
    told.length = 0;
  });

  it('uses devices that come back later, from the next item on', async () => {
    const devices = new Devices(false);
    const sound = await output(devices);
    sound.play(part('a'), pcm);
    devices.away = true;
    devices.onEvent({ type: 'failed', message: 'gone', hint: 'wait' });
    expect([sound.device, sound.hears]).toEqual([null, false]);
    sound.play(part('b'), pcm);
    expect(told).toEqual(['device.lost', 'device.failed', 'playback.rendered']);
    devices.away = false;
    devices.onEvent({ type: 'restored', message: 'back' });
    sound.play(part('b'), pcm);
    expect(devices.played).toEqual(['a']);
    sound.play(part('c'), pcm);
    expect(devices.played).toEqual(['a', 'c']);
    expect([sound.device, sound.hears]).toEqual([devices, true]);
    devices.onEvent({ type: 'frame', audio: pcm, level: 0 });
    expect(told.at(-1)).toBe('frame');
  });

  it('begins without devices that are away, remembers what they must be told, and closes them', async () => {
    const devices = new Devices(true);
    const sound = await output(devices);
    expect(sound.hears).toBe(false);
    sound.play(part('a'), pcm);
    expect(told).toEqual(['playback.rendered']);
    sound.setMuted(true);
    expect(devices.muted).toBe(true);
    await sound.close();
    expect(devices.closed).toBe(true);
  });

  it('does not hear without a microphone, unless no devices are expected', async () => {
    expect((await output(new Devices(false, null))).hears).toBe(false);
    expect((await output(null)).hears).toBe(true);
  });
});
