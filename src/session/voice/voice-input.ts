import { EnergyVad } from '../../audio/turns/energy-vad.js';
import type { TurnDetectorFactory } from '../../audio/turns/turn-detector.js';
import type { Input } from '../../contract/inputs.js';
import type { Profile } from '../../contract/profile.js';
import type { SessionSettings } from '../../contract/settings.js';
import { type TurnKeeper, turnKeeper } from '../../contract/turn-keeper.js';
import { ClientTurns, type TurnListener } from './client-turns.js';
import { KeptSound } from './kept-sound.js';
import { KeptTurns } from './kept-turns.js';
import { MicrophoneGate } from './microphone-gate.js';

export interface VoiceInputOptions {
  readonly profile: Profile;
  readonly settings: SessionSettings;
  /** Detects the turns if that happens on this side; by energy if absent. */
  readonly turnDetector?: TurnDetectorFactory | undefined;
}

/** Defaults of turn detection on this side. A pause for breath must not end a turn. */
const clientDefaults = { silenceMs: 700, prefixPaddingMs: 300, minSpeechMs: 200 } as const;

/** How much sound is kept for another connection, where it is not a turn of our own; older sound is lost. */
const mostKeptMs = 30_000;
/** The same for turns that end on this side: the longest turn that detection on this side allows. */
const mostTurnMs = 110_000;
/**
 * How long a provider takes to report speech; one that does not report it answers in this time, or it did not take it
 * for speech.
 */
const noticeMs = { told: 1500, untold: 4000 } as const;

/** What is about to be sent again, see the input `sound.resent`. */
export type ResentSound = Pick<Extract<Input, { type: 'sound.resent' }>, 'spoken' | 'lostMs'>;

/** The user's sound on its way to the provider: from a microphone or a recording, all of it or only their turns. */
export class VoiceInput {
  readonly keeper: TurnKeeper;
  private readonly microphone: MicrophoneGate;
  private readonly turns: ClientTurns | undefined;
  /** A manual turn has begun. */
  private open = false;
  /** The first byte of a sample whose second byte has not arrived yet. */
  private half: number | undefined;
  /** There is no connection: nothing is sent. */
  private held = false;
  /** Where the provider ends the turns: the sound that another connection may need. */
  private readonly kept: KeptSound | undefined;
  /** The same where the turns end on this side. */
  private readonly ownTurns: KeptTurns;
  private readonly listener: TurnListener;

  constructor(options: VoiceInputOptions, listener: TurnListener) {
    const { profile, settings } = options;
    this.listener = this.keeping(listener);
    this.keeper = turnKeeper(profile, settings);
    const rateHz = profile.inputRateHz;
    this.ownTurns = new KeptTurns({ rateHz, mostTurnMs, mostGapMs: mostKeptMs });
    if (this.keeper === 'provider') {
      const { told, untold } = noticeMs;
      const tells = profile.tellsSpeech !== false;
      this.kept = new KeptSound({ rateHz, mostMs: mostKeptMs, noticeMs: tells ? told : untold });
    }
    this.turns = this.keeper === 'client' ? clientTurns(options, this.listener) : undefined;
    this.microphone = new MicrophoneGate(this.keeper, settings, (pcm) => this.hear(pcm));
  }

  get muted(): boolean {
    return this.microphone.muted;
  }

  set muted(muted: boolean) {
    this.microphone.muted = muted;
    // The turn ends with what was said so far.
    if (muted) this.turns?.close();
    this.kept?.dropQuiet();
  }

  /** A frame from the microphone. */
  frame(pcm: Uint8Array): void {
    this.microphone.frame(pcm);
  }

  /** Sound from any source, PCM16 mono of any length. */
  hear(pcm: Uint8Array): void {
    const whole = this.wholeSamples(pcm);
    if (whole.byteLength > 0) this.take(whole);
  }

  private take(pcm: Uint8Array): void {
    if (this.held) {
      if (this.kept !== undefined) this.kept.add(pcm);
      else this.ownTurns.hold(pcm);
      return;
    }
    if (this.turns !== undefined) {
      this.turns.hear(pcm);
      return;
    }
    // Sound that a program sends without opening a turn opens one.
    if (this.keeper === 'hand') this.begin();
    this.listener.sound(pcm);
  }

  /** A piece may end in the middle of a sample: without its first byte, everything that follows would be noise. */
  private wholeSamples(given: Uint8Array): Uint8Array {
    const { half } = this;
    if (half === undefined && given.byteLength % 2 === 0) return given;
    const before = half === undefined ? 0 : 1;
    const joined = new Uint8Array(before + given.byteLength);
    if (half !== undefined) joined[0] = half;
    joined.set(given, before);
    const even = joined.byteLength - (joined.byteLength % 2);
    this.half = even < joined.byteLength ? joined[even] : undefined;
    return joined.subarray(0, even);
  }

  private begin(): void {
    if (this.open) return;
    this.open = true;
    this.listener.began();
  }

  /** Opens or closes a manual turn. Returns whether it is open now. */
  toggleTalk(): boolean {
    if (this.keeper !== 'hand') return false;
    const open = this.microphone.toggleTalk(() => {
      if (!this.held) this.begin();
    });
    if (!open) this.commit();
    return open;
  }

  /** The user's turn is over. */
  commit(): void {
    this.half = undefined;
    if (this.held) this.ownTurns.endHeld();
    else if (this.turns !== undefined) this.turns.close();
    else {
      this.open = false;
      this.listener.ended();
    }
  }

  /** What becomes of the user's turn, see the effect `user.turn`. */
  turn(state: 'open' | 'ended' | 'settled'): void {
    if (this.kept !== undefined) this.kept.turn(state);
    else this.ownTurns.turn(state);
  }

  /** The provider has said something on the present connection. */
  providerSpoke(): void {
    if (!this.held) this.kept?.providerSpoke();
  }

  /**
   * The connection is lost. Sound is held back from here on, along with turns that are not settled. `fresh`: the
   * session itself changes the connection, at a moment in which the provider has not detected speech.
   */
  linkLost(fresh = false): void {
    this.held = true;
    this.kept?.lost(fresh);
    this.ownTurns.lost();
    this.turns?.drop();
    this.open = false;
  }

  /**
   * Sends the sound that was held back, as if it were said now. `before` is called first, with what is about to be
   * sent.
   */
  linkRestored(before: (resent: ResentSound) => void = () => {}): void {
    if (!this.held) return;
    this.held = false;
    if (this.kept !== undefined) {
      const sound = this.kept.take();
      before(sound);
      for (const pcm of sound.pieces) this.take(pcm);
      if (this.ownTurns.take().committed && sound.pieces.length > 0) this.commit();
      return;
    }
    const { complete, open, wasOpen, committed, lostMs } = this.ownTurns.take();
    before({ spoken: complete.length > 0 || wasOpen, lostMs });
    for (const pieces of complete) {
      this.listener.began();
      for (const pcm of pieces) this.listener.sound(pcm);
      this.listener.ended();
    }
    for (const pcm of open) this.take(pcm);
    if (committed && open.length > 0) this.commit();
    // While muted, no silence follows that would end the turn.
    else if (this.muted) this.turns?.close();
  }

  /** Keeps what is sent of a turn until it is settled. */
  private keeping(listener: TurnListener): TurnListener {
    return {
      began: () => {
        this.ownTurns.begin();
        listener.began();
      },
      sound: (pcm) => {
        if (this.kept !== undefined) this.kept.add(pcm);
        else this.ownTurns.add(pcm);
        listener.sound(pcm);
      },
      ended: () => {
        this.ownTurns.end();
        listener.ended();
      },
      discarded: () => {
        this.ownTurns.discard();
        listener.discarded();
      },
    };
  }

  /** No more sound comes for now. */
  deviceLost(): void {
    if (this.held && this.turns !== undefined) this.ownTurns.endHeld();
    this.turns?.close();
  }
}

function clientTurns(
  { profile, settings, turnDetector }: VoiceInputOptions,
  listener: TurnListener,
): ClientTurns {
  const { turnDetection } = settings;
  // If the provider cannot detect turns, its settings apply to the detector on this side.
  const given =
    turnDetection?.type === 'server' ? { ...turnDetection, type: 'client' as const } : turnDetection;
  const asked = given?.type === 'client' ? given : undefined;
  const minSpeechMs = asked?.minSpeechMs ?? clientDefaults.minSpeechMs;
  const rateHz = profile.inputRateHz;
  const make: TurnDetectorFactory = turnDetector ?? ((options) => new EnergyVad(options));
  const detector = make({
    rateHz,
    threshold: asked?.threshold,
    silenceMs: asked?.silenceMs ?? clientDefaults.silenceMs,
    prefixPaddingMs: asked?.prefixPaddingMs ?? clientDefaults.prefixPaddingMs,
    minSpeechMs,
  });
  return new ClientTurns({ rateHz, minSpeechMs, detector }, listener);
}
