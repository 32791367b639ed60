import type { Clock } from '../../core/clock.js';
import { lengthMs } from './input-sound.js';
import { modelAudio, type ServerMessage, toUsage, type UsageMetadata } from './server-message.js';

export interface TurnOptions {
  /** Words are sent together with the sound they belong to. */
  readonly combines: boolean;
  readonly transcribes: boolean;
  readonly clock: Clock;
  /** The turn may be closed now. */
  readonly onDue: () => void;
}

/** How far an interrupted answer was spoken. */
export interface Unspoken {
  readonly itemId: string;
  readonly spokenMs: number;
}

/**
 * The model's turn: from its first word or call to `turnComplete`. The server supposes that its sound is played as it
 * is sent, at real time; so `turnComplete` comes when the playback ends, and the user can interrupt until then. Sound
 * that was delivered all at once was asked for without waiting, and is not waited for.
 */
export class ModelTurn {
  private open = false;
  private words = '';
  private sound: { itemId: string; readonly firstMs: number; lastMs: number; soundMs: number } | undefined;
  private usage: UsageMetadata | undefined;
  private cancelTimer: (() => void) | undefined;

  constructor(private readonly options: TurnOptions) {}

  /** The client knows of this turn, and not of its end. */
  get isOpen(): boolean {
    return this.open;
  }

  /** Only `turnComplete` is missing. */
  get isDue(): boolean {
    return this.cancelTimer !== undefined;
  }

  say(text: string): ServerMessage[] {
    const { combines, transcribes } = this.options;
    this.open = true;
    if (!transcribes) return [];
    if (!combines) return [{ serverContent: { outputTranscription: { text } } }];
    this.words += text;
    return [];
  }

  play(base64: string, itemId: string): ServerMessage[] {
    const nowMs = this.options.clock.nowMs();
    this.open = true;
    this.sound ??= { itemId, firstMs: nowMs, lastMs: nowMs, soundMs: 0 };
    if (this.sound.itemId !== itemId) this.sound = { itemId, firstMs: nowMs, lastMs: nowMs, soundMs: 0 };
    this.sound.lastMs = nowMs;
    this.sound.soundMs += lengthMs(base64);
    const text = this.takeWords();
    const words = text === '' ? {} : { outputTranscription: { text } };
    return [{ serverContent: { ...modelAudio(base64), ...words } }];
  }

  /** Words without further sound. */
  rest(): ServerMessage[] {
    const text = this.takeWords();
    return text === '' ? [] : [{ serverContent: { outputTranscription: { text } } }];
  }

  call(): void {
    this.open = true;
  }

  count(usage: unknown): void {
    this.usage = toUsage(usage, this.usage);
  }

  /** Everything is generated; `turnComplete` is due when it has been played. */
  generated(): ServerMessage[] {
    this.open = true;
    const { clock } = this.options;
    const { firstMs = 0, lastMs = 0, soundMs = 0 } = this.sound ?? {};
    const atOnce = lastMs - firstMs < soundMs / 50;
    this.closeAfter(atOnce ? 0 : Math.max(0, firstMs + soundMs - clock.nowMs()));
    return [...this.rest(), { serverContent: { generationComplete: true } }];
  }

  /** The user interrupted, so there is no `generationComplete`. */
  interrupt(): ServerMessage[] {
    this.words = '';
    this.closeAfter(0);
    return [{ serverContent: { interrupted: true } }];
  }

  /** How far the sound has been played; undefined when all of it has been. */
  get unspoken(): Unspoken | undefined {
    if (this.sound === undefined) return undefined;
    const { itemId, firstMs, soundMs } = this.sound;
    const spokenMs = Math.floor(this.options.clock.nowMs() - firstMs);
    return spokenMs < soundMs ? { itemId, spokenMs } : undefined;
  }

  /** The end of the turn; empty where it is not due. */
  close(): ServerMessage[] {
    if (this.cancelTimer === undefined) return [];
    this.cancelTimer();
    const { usage } = this;
    this.forget();
    return [
      { serverContent: { turnComplete: true }, ...(usage === undefined ? {} : { usageMetadata: usage }) },
    ];
  }

  /** As if there had been no turn. */
  forget(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    this.open = false;
    this.words = '';
    this.sound = undefined;
    this.usage = undefined;
  }

  private closeAfter(delayMs: number): void {
    this.cancelTimer?.();
    this.cancelTimer = this.options.clock.after(delayMs, this.options.onDue);
  }

  private takeWords(): string {
    const { words } = this;
    this.words = '';
    return words;
  }
}
