import { EnergyVad } from '../../audio/turns/energy-vad.js';
import type { TurnDetectorFactory } from '../../audio/turns/turn-detector.js';
import type { Profile } from '../../contract/profile.js';
import type { SessionSettings } from '../../contract/settings.js';
import { type TurnKeeper, turnKeeper } from '../../contract/turn-keeper.js';
import { ClientTurns, type TurnListener } from './client-turns.js';
import { MicrophoneGate } from './microphone-gate.js';

export interface VoiceInputOptions {
  readonly profile: Profile;
  readonly settings: SessionSettings;
  /** Detects the turns if that happens on this side; by energy if absent. */
  readonly turnDetector?: TurnDetectorFactory | undefined;
}

/** Defaults of turn detection on this side. A pause for breath must not end a turn. */
const clientDefaults = { silenceMs: 700, prefixPaddingMs: 300, minSpeechMs: 200 } as const;

/** How much sound is held back while there is no connection; older sound is dropped. */
const mostHeldMs = 8000;
/** How long a provider takes to detect speech; a turn that it has answered is older than this. */
const unnoticedMs = 600;
/**
 * How much of an open turn is kept in case its connection is lost: the longest turn that detection on this side allows.
 */
const mostKeptMs = 110_000;

/** Sound that may be sent again, or is still to be sent. Sound beyond the limit is dropped, oldest first. */
class Stock {
  readonly pieces: Uint8Array[] = [];
  bytes = 0;
  committed = false;

  constructor(private mostBytes: number) {}

  /** Copied, because the caller may reuse its buffer. */
  add(pcm: Uint8Array): void {
    this.pieces.push(pcm.slice());
    this.bytes += pcm.byteLength;
    while (this.bytes > this.mostBytes) this.bytes -= this.pieces.shift()?.byteLength ?? this.bytes;
  }

  /** Leaves room for this many more bytes. */
  allow(moreBytes: number): this {
    this.mostBytes = this.bytes + moreBytes;
    return this;
  }
}

/** The user's sound on its way to the provider: from a microphone or a recording, all of it or only their turns. */
export class VoiceInput {
  readonly keeper: TurnKeeper;
  private readonly bytesPerMs: number;
  private readonly microphone: MicrophoneGate;
  private readonly turns: ClientTurns | undefined;
  /** A manual turn has begun. */
  private open = false;
  /** The first byte of a sample whose second byte has not arrived yet. */
  private half: number | undefined;
  /** While there is no connection: the sound since then, and whether that turn is over. */
  private held: Stock | undefined;
  /** What was sent of an open turn that ends on this side: it is lost if the connection is. */
  private turn: Stock | undefined;
  /** The last sound that was sent if the provider ends the turns: it may contain the beginning of a turn. */
  private recent: Stock | undefined;
  private readonly listener: TurnListener;

  constructor(options: VoiceInputOptions, listener: TurnListener) {
    const { profile, settings } = options;
    this.bytesPerMs = (profile.inputRateHz * 2) / 1000;
    this.listener = this.keeping(listener);
    this.keeper = turnKeeper(profile, settings);
    if (this.keeper === 'provider') this.recent = this.newRecent();
    this.turns = this.keeper === 'client' ? ownTurns(options, this.listener) : undefined;
    this.microphone = new MicrophoneGate(this.keeper, settings, (pcm) => this.hear(pcm));
  }

  get muted(): boolean {
    return this.microphone.muted;
  }

  set muted(muted: boolean) {
    this.microphone.muted = muted;
    // The turn ends with what was said so far.
    if (muted) this.turns?.close();
    if (this.recent !== undefined) this.recent = this.newRecent();
  }

  private newRecent(): Stock {
    return new Stock(unnoticedMs * this.bytesPerMs);
  }

  /** A frame from the microphone. */
  frame(pcm: Uint8Array, bufferedBytes: number): void {
    this.microphone.frame(pcm, bufferedBytes);
  }

  /** Sound from any source, PCM16 mono of any length. */
  hear(pcm: Uint8Array): void {
    const whole = this.wholeSamples(pcm);
    if (whole.byteLength > 0) this.take(whole);
  }

  private take(pcm: Uint8Array): void {
    if (this.held !== undefined) {
      this.held.add(pcm);
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
      if (this.held === undefined) this.begin();
    });
    if (!open) this.commit();
    return open;
  }

  /** The user's turn is over. */
  commit(): void {
    this.half = undefined;
    if (this.held !== undefined) this.held.committed = true;
    else if (this.turns !== undefined) this.turns.close();
    else {
      this.open = false;
      this.listener.ended();
    }
  }

  /**
   * The connection is lost. Sound is held back from here on, along with an open turn that ends on this side. `fresh`:
   * the session itself changes the connection, at a moment in which the provider has not detected speech.
   */
  linkLost(fresh = false): void {
    const open = this.turn ?? (fresh ? this.recent : undefined) ?? new Stock(0);
    this.held ??= open.allow(mostHeldMs * this.bytesPerMs);
    this.turn = undefined;
    if (this.recent !== undefined) this.recent = this.newRecent();
    this.turns?.drop();
    this.open = false;
  }

  /** Sends the sound that was held back, as if it were said now. */
  linkRestored(): void {
    const { held } = this;
    this.held = undefined;
    if (held === undefined) return;
    for (const pcm of held.pieces) this.take(pcm);
    if (held.committed && held.bytes > 0) this.commit();
    // While muted, no silence follows that would end the turn.
    else if (this.muted) this.turns?.close();
  }

  /** Keeps what is sent of a turn until it is over. */
  private keeping(listener: TurnListener): TurnListener {
    return {
      began: () => {
        this.turn = new Stock(mostKeptMs * this.bytesPerMs);
        listener.began();
      },
      sound: (pcm) => {
        (this.turn ?? this.recent)?.add(pcm);
        listener.sound(pcm);
      },
      ended: () => {
        this.turn = undefined;
        listener.ended();
      },
      discarded: () => {
        this.turn = undefined;
        listener.discarded();
      },
    };
  }

  /** No more sound comes for now. */
  deviceLost(): void {
    if (this.held !== undefined && this.turns !== undefined) this.held.committed = true;
    this.turns?.close();
  }
}

function ownTurns(
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
