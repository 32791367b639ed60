import type { Sound, SoundEvent } from '../../audio/sound.js';
import { VirtualSound } from '../../audio/virtual-sound.js';
import type { PartKey } from '../../contract/events.js';
import type { Input } from '../../contract/inputs.js';
import type { Profile } from '../../contract/profile.js';
import type { VoiceSession } from '../voice-session.js';

export interface SoundOutputHost {
  feed(input: Input): void;
  warn(code: string, message: string, hint?: string): void;
  level(side: 'input' | 'output', level: number): void;
  /** 20 ms of sound from the microphone. */
  frame(audio: Uint8Array): void;
  /** The devices are lost, temporarily or for good. */
  deviceLost(): void;
  log?(line: string): void;
}

/** The session's microphone and output; without devices, or when they are lost, the conversation continues as text. */
export class SoundOutput {
  /** Where answers go: the devices, or a speaker that needs none. */
  private sound: Sound;
  /** The devices, even while they are away; undefined if there are none. */
  private readonly devices: Sound | undefined;
  /** The part that is played now must end where it began. */
  private playing: string | undefined;

  constructor(
    sound: Sound | null,
    private readonly profile: Profile,
    private readonly host: SoundOutputHost,
  ) {
    this.devices = sound === null || sound.backend === 'virtual' ? undefined : sound;
    this.sound = sound === null || sound.away === true ? this.instantSound() : sound;
    if (sound !== null) sound.onEvent = (event) => this.onSound(event);
  }

  get device(): VoiceSession['sound'] {
    return this.devices === undefined || this.devices.away === true ? null : this.devices;
  }

  /** False where a microphone is expected and none is open. */
  get hears(): boolean {
    return this.devices === undefined || (this.devices.away !== true && this.devices.inputName !== null);
  }

  play(part: PartKey, pcm: Uint8Array): void {
    this.changeBetweenItems(part);
    this.sound.play(part, pcm);
  }

  endPart(part: PartKey): void {
    this.sound.endPart(part);
  }

  clear(epoch: number): void {
    this.sound.clear(epoch);
  }

  setMuted(muted: boolean): void {
    (this.devices ?? this.sound).setMuted(muted);
  }

  setHalfDuplex(): void {
    (this.devices ?? this.sound).setEcho('half-duplex');
  }

  async close(): Promise<void> {
    await Promise.all([this.sound.close(), this.devices?.close()]);
  }

  private onSound(event: SoundEvent): void {
    const { host } = this;
    switch (event.type) {
      case 'frame':
        host.level('input', event.level);
        host.frame(event.audio);
        break;
      case 'rendered':
        host.level('output', event.level);
        host.feed({ type: 'playback.rendered', parts: event.parts });
        break;
      case 'cleared':
        host.feed({ type: 'playback.cleared', epoch: event.epoch, parts: event.parts });
        break;
      case 'drained':
        host.level('output', 0);
        host.feed({ type: 'playback.drained' });
        break;
      case 'underrun':
        host.log?.(`playback ran dry ${event.count} times`);
        break;
      case 'silent':
        host.warn('microphone.silent', event.message, event.hint);
        break;
      case 'lost':
        host.deviceLost();
        host.feed({ type: 'device.lost', message: event.message });
        break;
      case 'restored':
        host.feed({ type: 'device.restored', message: event.message });
        break;
      case 'failed':
        this.lose(event.message, event.hint);
        break;
    }
  }

  private lose(message: string, hint: string): void {
    this.host.deviceLost();
    this.host.feed({ type: 'device.lost', message });
    this.sound = this.instantSound();
    this.host.warn('device.failed', 'The conversation goes on with typed text.', hint);
  }

  /** Devices that are back take over with the next item: their positions count from its beginning. */
  private changeBetweenItems({ itemId }: PartKey): void {
    const { devices } = this;
    if (devices !== undefined && devices !== this.sound && devices.away !== true && itemId !== this.playing) {
      void this.sound.close();
      this.sound = devices;
    }
    this.playing = itemId;
  }

  private instantSound(): Sound {
    const { outputRateHz } = this.profile;
    const sound = new VirtualSound({ outputRateHz, pace: 'instant' });
    sound.onEvent = (event) => this.onSound(event);
    return sound;
  }
}
