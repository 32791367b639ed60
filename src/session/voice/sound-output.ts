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
  private sound: Sound;

  constructor(
    sound: Sound | null,
    private readonly profile: Profile,
    private readonly host: SoundOutputHost,
  ) {
    this.sound = sound ?? instantSound(profile);
    this.sound.onEvent = (event) => this.onSound(event);
  }

  get device(): VoiceSession['sound'] {
    return this.sound.backend === 'virtual' ? null : this.sound;
  }

  play(part: PartKey, pcm: Uint8Array): void {
    this.sound.play(part, pcm);
  }

  endPart(part: PartKey): void {
    this.sound.endPart(part);
  }

  clear(epoch: number): void {
    this.sound.clear(epoch);
  }

  setMuted(muted: boolean): void {
    this.sound.setMuted(muted);
  }

  setHalfDuplex(): void {
    this.sound.setEcho('half-duplex');
  }

  close(): Promise<void> {
    return this.sound.close();
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
    void this.sound.close();
    this.sound = instantSound(this.profile);
    this.sound.onEvent = (event) => this.onSound(event);
    this.host.warn('device.failed', 'The conversation goes on with typed text.', hint);
  }
}

function instantSound({ outputRateHz }: Profile): Sound {
  return new VirtualSound({ outputRateHz, pace: 'instant' });
}
