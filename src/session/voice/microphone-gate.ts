import type { SessionSettings } from '../../contract/settings.js';
import type { TurnKeeper } from '../../contract/turn-keeper.js';

const frameMs = 20;
/** Silence sent after muting, in addition to the server's silence threshold, so that an open turn ends. */
const muteTailMs = 700;
/** Speech kept from just before the talk key is pressed, so that the first syllable is not lost. */
const prerollFrames = 10;

/** Decides which microphone frames go to the provider, by mute and tap to talk. */
export class MicrophoneGate {
  private isMuted = false;
  private tailFrames = 0;
  private talking = false;
  private readonly silenceMs: number;
  private preroll: Uint8Array[] = [];

  constructor(
    private readonly keeper: TurnKeeper,
    settings: SessionSettings,
    private readonly send: (pcm: Uint8Array) => void,
  ) {
    const { turnDetection } = settings;
    this.silenceMs = turnDetection?.type === 'server' ? (turnDetection.silenceMs ?? 500) : 1000;
  }

  get muted(): boolean {
    return this.isMuted;
  }

  set muted(muted: boolean) {
    // The detector on this side ends a turn without hearing silence.
    if (muted && !this.isMuted && this.keeper !== 'client')
      this.tailFrames = Math.ceil((this.silenceMs + muteTailMs) / frameMs);
    this.isMuted = muted;
  }

  /** Opens or closes a turn by hand. `opening` is called before its first sound. Returns whether it is open now. */
  toggleTalk(opening: () => void): boolean {
    this.talking = !this.talking;
    if (this.talking) {
      opening();
      for (const frame of this.preroll) this.send(frame);
      this.preroll = [];
    }
    return this.talking;
  }

  frame(pcm: Uint8Array): void {
    if (this.keeper === 'hand' && !this.talking) {
      this.preroll.push(pcm);
      if (this.preroll.length > prerollFrames) this.preroll.shift();
      return;
    }
    if (this.isMuted) {
      if (this.tailFrames <= 0) return;
      this.tailFrames -= 1;
      this.send(new Uint8Array(pcm.byteLength));
      return;
    }
    this.send(pcm);
  }
}
