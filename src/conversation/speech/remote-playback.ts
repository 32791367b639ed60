import type { ModelEvent } from '../../contract/events.js';
import type { Outbox } from '../core/outbox.js';
import type { PlayingPart } from './playback.js';

/** After the sound was cleared the provider says how much had been heard; without a word of it our clock has to do. */
const truncationPatienceMs = 1000;
/** Answers whose items are known: the one that plays, and what is being said meanwhile. */
const mostResponses = 64;

type Outlet = Extract<ModelEvent, { type: 'output.started' | 'output.stopped' | 'output.cleared' }>;

export interface RemotePlaybackHost {
  /** The caller has heard this part to its end. */
  finished(part: PlayingPart): void;
  /** The caller has heard this part as far as `rendered` says. */
  cut(part: PlayingPart): void;
}

interface RemoteAnswer {
  readonly startedAtMs: number;
  clearedAtMs?: number;
}

/**
 * What a caller hears of an answer when its sound takes another way than ours: the provider says when it begins, when
 * it is over and how far it came. Between that only the clock is known, and it is used where the provider says nothing.
 */
export class RemotePlayback {
  private readonly playing = new Map<string, RemoteAnswer>();
  private readonly items = new Map<string, string[]>();

  constructor(
    private readonly out: Outbox,
    private readonly rateHz: number,
    private readonly host: RemotePlaybackHost,
  ) {}

  /** The caller hears something. */
  get sounding(): boolean {
    for (const { clearedAtMs } of this.playing.values()) if (clearedAtMs === undefined) return true;
    return false;
  }

  get sources(): Iterable<string> {
    return this.playing.keys();
  }

  playsOf(responseId: string): boolean {
    return this.playing.has(responseId);
  }

  /** It is not known yet how much of this item is heard. */
  has(itemId: string): boolean {
    for (const responseId of this.playing.keys()) if (this.itemsOf(responseId).includes(itemId)) return true;
    return false;
  }

  /** The answer has this item, after those it had before. */
  note(responseId: string, itemId: string): void {
    const known = this.items.get(responseId);
    if (known === undefined) this.items.set(responseId, [itemId]);
    else if (!known.includes(itemId)) known.push(itemId);
    const [oldest] = this.items.keys();
    if (this.items.size > mostResponses && oldest !== undefined) this.items.delete(oldest);
  }

  /** Returns whether the caller begins to hear an answer. */
  receive({ type, responseId }: Outlet): boolean {
    switch (type) {
      case 'output.started':
        if (this.playing.has(responseId)) return false;
        this.playing.set(responseId, { startedAtMs: this.out.nowMs });
        return true;
      case 'output.stopped':
        this.finish(responseId);
        return false;
      case 'output.cleared': {
        const answer = this.playing.get(responseId);
        if (answer !== undefined) answer.clearedAtMs ??= this.out.nowMs;
        return false;
      }
    }
  }

  /**
   * The provider has cut its own memory of this item to what was heard. What came before it was heard, what follows was
   * not.
   */
  truncated(itemId: string, contentIndex: number, audioEndMs: number): void {
    const [responseId] = [...this.playing.keys()].filter((id) => this.itemsOf(id).includes(itemId));
    if (responseId === undefined) return;
    this.playing.delete(responseId);
    const items = this.itemsOf(responseId);
    const at = items.indexOf(itemId);
    for (const [index, id] of items.entries()) {
      const part = this.part(responseId, id, index === at ? audioEndMs : 0, index === at ? contentIndex : 0);
      if (index < at) this.host.finished(part);
      else this.host.cut(part);
    }
  }

  tick(): void {
    for (const [responseId, { clearedAtMs }] of this.playing) {
      if (clearedAtMs === undefined || this.out.nowMs - clearedAtMs < truncationPatienceMs) continue;
      this.estimate(responseId);
    }
  }

  /** Nothing more will be told of what plays now. `complete`: it was said to its end without an interruption. */
  giveUp(complete: (responseId: string) => boolean): void {
    for (const [responseId, { clearedAtMs }] of this.playing) {
      if (clearedAtMs === undefined && complete(responseId)) this.finish(responseId);
      else this.estimate(responseId);
    }
  }

  private finish(responseId: string): void {
    const answer = this.playing.get(responseId);
    if (answer === undefined) return;
    this.playing.delete(responseId);
    const items = this.itemsOf(responseId);
    // How long it took is known for the answer, so of its items only where there is one.
    const heardMs = items.length === 1 ? this.out.nowMs - answer.startedAtMs : 0;
    for (const itemId of items) this.host.finished(this.part(responseId, itemId, heardMs, 0));
  }

  /** By the clock: on the low side, because nothing of a second item is taken for heard. */
  private estimate(responseId: string): void {
    const answer = this.playing.get(responseId);
    if (answer === undefined) return;
    this.playing.delete(responseId);
    const heardMs = (answer.clearedAtMs ?? this.out.nowMs) - answer.startedAtMs;
    for (const [index, itemId] of this.itemsOf(responseId).entries()) {
      this.host.cut(this.part(responseId, itemId, index === 0 ? heardMs : 0, 0));
    }
  }

  private itemsOf(responseId: string): readonly string[] {
    return this.items.get(responseId) ?? [];
  }

  private part(responseId: string, itemId: string, heardMs: number, contentIndex: number): PlayingPart {
    const samples = Math.max(0, Math.round((heardMs * this.rateHz) / 1000));
    return { responseId, itemId, contentIndex, received: samples, rendered: samples, ended: false };
  }
}
