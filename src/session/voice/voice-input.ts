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
  /** Finds the turns where we do it ourselves; by energy where there is none. */
  readonly turnDetector?: TurnDetectorFactory | undefined;
}

/** What our own detector does where nobody says otherwise. A pause for breath must not end a turn. */
const clientDefaults = { silenceMs: 700, prefixPaddingMs: 300, minSpeechMs: 200 } as const;

/** Longer than that nobody speaks into the void; what is older is dropped. */
const mostHeldMs = 8000;
/** A provider takes so long to notice that somebody speaks; no turn it has answered is as young. */
const unnoticedMs = 600;
/** What is kept of an open turn, in case its connection is lost. As long as our detector lets one be. */
const mostKeptMs = 110_000;

/** Sound that may be sent once more, or is still to be sent. What is older than the limit is dropped. */
class Stock {
  readonly pieces: Uint8Array[] = [];
  bytes = 0;
  committed = false;

  constructor(private mostBytes: number) {}

  /** Whoever captures it may use its memory again. */
  add(pcm: Uint8Array): void {
    this.pieces.push(pcm.slice());
    this.bytes += pcm.byteLength;
    while (this.bytes > this.mostBytes) this.bytes -= this.pieces.shift()?.byteLength ?? this.bytes;
  }

  /** From here on there is room for so much more. */
  allow(moreBytes: number): this {
    this.mostBytes = this.bytes + moreBytes;
    return this;
  }
}

/** The user's sound on its way to the provider: from a microphone or a recording, all of it or only his turns. */
export class VoiceInput {
  readonly keeper: TurnKeeper;
  private readonly bytesPerMs: number;
  private readonly microphone: MicrophoneGate;
  private readonly turns: ClientTurns | undefined;
  /** A turn by hand has begun. */
  private open = false;
  /** The first byte of a sample whose second is still to come. */
  private half: number | undefined;
  /** While there is no connection: what was heard since, and whether that turn is over. */
  private held: Stock | undefined;
  /** What was sent of an open turn that we shall end: the connection may be lost with it. */
  private turn: Stock | undefined;
  /** The last of what was sent where the provider ends the turns: the beginning of one may be in it. */
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
    // What was said so far is all there will be of this turn.
    if (muted) this.turns?.close();
    if (this.recent !== undefined) this.recent = this.newRecent();
  }

  private newRecent(): Stock {
    return new Stock(unnoticedMs * this.bytesPerMs);
  }

  /** A frame of the microphone. */
  frame(pcm: Uint8Array, bufferedBytes: number): void {
    this.microphone.frame(pcm, bufferedBytes);
  }

  /** Sound from anywhere, PCM16 mono of any length. */
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
    // Whoever sends sound without a word about turns speaks, too.
    if (this.keeper === 'hand') this.begin();
    this.listener.sound(pcm);
  }

  /** A piece may end in the middle of a sample, which goes on with the next one: cut there, all that follows would be noise. */
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

  /** Opens or closes a turn by hand. Returns whether it is open now. */
  toggleTalk(): boolean {
    if (this.keeper !== 'hand') return false;
    const open = this.microphone.toggleTalk(() => {
      if (this.held === undefined) this.begin();
    });
    if (!open) this.commit();
    return open;
  }

  /** The user's turn is over, whoever noticed it. */
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
   * Nobody takes sound for now. What is said from here on waits, and an open turn that is ours to end waits with it. `anew`: it is
   * we who change to another connection, in a quiet moment as far as the provider has noticed.
   */
  linkLost(anew = false): void {
    const open = this.turn ?? (anew ? this.recent : undefined) ?? new Stock(0);
    this.held ??= open.allow(mostHeldMs * this.bytesPerMs);
    this.turn = undefined;
    if (this.recent !== undefined) this.recent = this.newRecent();
    this.turns?.drop();
    this.open = false;
  }

  /** What was said meanwhile is sent, as if it were said now. */
  linkRestored(): void {
    const { held } = this;
    this.held = undefined;
    if (held === undefined) return;
    for (const pcm of held.pieces) this.take(pcm);
    if (held.committed && held.bytes > 0) this.commit();
    // No silence will come to end it.
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
  // Where the provider cannot detect turns, what was meant for it is meant for us.
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
