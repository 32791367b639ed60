import type { PartKey } from '../../contract/events.js';
import type { RenderedPart } from '../../contract/inputs.js';

/** Responses whose rendered samples are counted. */
const mostCounted = 32;

/** One content part on its way to the ear. Counts are samples of the provider's output rate. */
export interface PlayingPart extends PartKey {
  readonly responseId: string;
  received: number;
  rendered: number;
  /** The provider has sent all of it. */
  ended: boolean;
}

interface Clearing {
  readonly parts: readonly PlayingPart[];
  readonly sinceMs: number;
}

function keyOf(part: PartKey): string {
  return `${part.itemId}/${part.contentIndex}`;
}

/**
 * What was handed to the player and how much of it has become sound. Rendered counts come from the device and are the
 * only truth about what was heard; wall clock is never used for it.
 */
export class Playback {
  private readonly live = new Map<string, PlayingPart>();
  private readonly clearing = new Map<number, Clearing>();
  private epoch = 0;
  /** Samples rendered of each of the last responses. */
  private readonly heard = new Map<string, number>();
  /** When the device last rendered something, or first got something to render. */
  private progressAtMs = 0;

  /** Sound is waiting or sounding right now. */
  get sounding(): boolean {
    for (const part of this.live.values()) if (part.rendered < part.received) return true;
    return false;
  }

  /** A sample has been rendered of something that still plays. */
  get anyRendered(): boolean {
    for (const part of this.live.values()) if (part.rendered > 0) return true;
    return false;
  }

  /** Samples rendered of a response. */
  heardOf(responseId: string): number {
    return this.heard.get(responseId) ?? 0;
  }

  /** Sound of this item is not settled: it plays, or the player has not said yet how far it came. */
  has(itemId: string): boolean {
    for (const part of this.live.values()) if (part.itemId === itemId) return true;
    for (const { parts } of this.clearing.values())
      if (parts.some((part) => part.itemId === itemId)) return true;
    return false;
  }

  /** Sound of this response waits or plays. */
  playsOf(responseId: string): boolean {
    for (const part of this.live.values()) if (part.responseId === responseId) return true;
    return false;
  }

  /** Whose sound waits or plays. */
  get responses(): ReadonlySet<string> {
    return new Set([...this.live.values()].map((part) => part.responseId));
  }

  /** What waits or plays of this part. */
  find(key: PartKey): PlayingPart | undefined {
    return this.live.get(keyOf(key));
  }

  /** Parts that the provider has not sent all of. */
  get unended(): PlayingPart[] {
    return [...this.live.values()].filter((part) => !part.ended);
  }

  receive(responseId: string, key: PartKey, samples: number, nowMs: number): void {
    if (!this.sounding) this.progressAtMs = nowMs;
    const known = this.live.get(keyOf(key));
    if (known !== undefined) {
      known.received += samples;
      return;
    }
    const { itemId, contentIndex } = key;
    const part = { itemId, contentIndex, responseId, received: samples, rendered: 0, ended: false };
    this.live.set(keyOf(key), part);
  }

  /** No more sound for this part. Returns it if it was playing and not already ended. */
  end(key: PartKey): PlayingPart | undefined {
    const part = this.live.get(keyOf(key));
    if (part === undefined || part.ended) return undefined;
    part.ended = true;
    return part;
  }

  endAll(responseId: string): PlayingPart[] {
    const ended = [...this.live.values()].filter((part) => part.responseId === responseId && !part.ended);
    for (const part of ended) part.ended = true;
    return ended;
  }

  /** The device's counters. Never above what was received and never backwards, whatever the device claims. */
  render(parts: readonly RenderedPart[], nowMs: number): void {
    for (const { samples, ...key } of parts) {
      const part = this.live.get(keyOf(key));
      if (part === undefined) continue;
      const before = part.rendered;
      if (!advance(part, samples)) continue;
      this.progressAtMs = nowMs;
      this.count(part.responseId, part.rendered - before);
    }
  }

  private count(responseId: string, samples: number): void {
    this.heard.set(responseId, this.heardOf(responseId) + samples);
    const [oldest] = this.heard.keys();
    if (this.heard.size > mostCounted && oldest !== undefined) this.heard.delete(oldest);
  }

  /** Complete sound waits, but the device has rendered nothing for this long. */
  stuck(nowMs: number, patienceMs: number): boolean {
    if (nowMs - this.progressAtMs < patienceMs) return false;
    for (const part of this.live.values()) if (part.ended && part.rendered < part.received) return true;
    return false;
  }

  /** Parts whose last sample has been rendered leave. */
  takeFinished(): PlayingPart[] {
    const finished = [...this.live.values()].filter((part) => part.ended && part.rendered >= part.received);
    for (const part of finished) this.live.delete(keyOf(part));
    return finished;
  }

  /** Everything that has not been rendered will not be. Returns the new epoch, or undefined where nothing plays. */
  startClear(nowMs: number): number | undefined {
    if (this.live.size === 0) return undefined;
    this.epoch += 1;
    this.clearing.set(this.epoch, { parts: [...this.live.values()], sinceMs: nowMs });
    this.live.clear();
    return this.epoch;
  }

  /** The player's answer: what had been rendered when it fell silent. */
  finishClear(epoch: number, parts: readonly RenderedPart[]): readonly PlayingPart[] {
    const clearing = this.clearing.get(epoch);
    if (clearing === undefined) return [];
    this.clearing.delete(epoch);
    for (const { samples, ...key } of parts) {
      const part = clearing.parts.find((candidate) => keyOf(candidate) === keyOf(key));
      if (part !== undefined) advance(part, samples);
    }
    return clearing.parts;
  }

  /** Clears that no player has answered for this long; the last known counters then have to do. */
  overdueClears(nowMs: number, patienceMs: number): number[] {
    return [...this.clearing]
      .filter(([, { sinceMs }]) => nowMs - sinceMs >= patienceMs)
      .map(([epoch]) => epoch);
  }
}

/** Returns whether the position moved. */
function advance(part: PlayingPart, samples: number): boolean {
  const counted = Number.isFinite(samples) ? Math.floor(samples) : 0;
  const before = part.rendered;
  part.rendered = Math.max(before, Math.min(counted, part.received));
  return part.rendered > before;
}
