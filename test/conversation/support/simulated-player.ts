import type { PartKey } from '../../../src/contract/events.js';
import type { Input, RenderedPart } from '../../../src/contract/inputs.js';
import type { Clockwork } from './clockwork.js';
import { samplesPerMs } from './profiles.js';

interface Playing extends PartKey {
  received: number;
  rendered: number;
}

/** A loudspeaker in simulated time: renders 24 samples a millisecond, reports now and then, answers every clear. */
export class SimulatedPlayer {
  /** Everything ever rendered, per item. */
  readonly renderedByItem = new Map<string, number>();
  private queue: Playing[] = [];
  private renderedUntilMs = 0;

  constructor(
    private readonly clock: Clockwork,
    private readonly answerDelayMs: () => number,
    private readonly report: (input: Input) => void,
  ) {}

  get silent(): boolean {
    this.render();
    return this.queue.every((part) => part.rendered >= part.received);
  }

  /** Nothing of this item waits or sounds. */
  silentOf(itemId: string): boolean {
    this.render();
    return this.queue.every((part) => part.itemId !== itemId || part.rendered >= part.received);
  }

  play({ itemId, contentIndex }: PartKey, samples: number): void {
    this.render();
    const last = this.queue.find((part) => part.itemId === itemId && part.contentIndex === contentIndex);
    if (last !== undefined) last.received += samples;
    else this.queue.push({ itemId, contentIndex, received: samples, rendered: 0 });
  }

  clear(epoch: number): void {
    this.render();
    const parts = this.positions();
    this.queue = [];
    this.clock.in(this.answerDelayMs(), () => this.report({ type: 'playback.cleared', epoch, parts }));
  }

  /** Tells how far it came. */
  tell(): void {
    if (this.queue.length === 0) return;
    this.render();
    this.report({ type: 'playback.rendered', parts: this.positions() });
    if (this.silent) this.report({ type: 'playback.drained' });
  }

  private positions(): RenderedPart[] {
    return this.queue.map(({ itemId, contentIndex, rendered }) => ({
      itemId,
      contentIndex,
      samples: rendered,
    }));
  }

  private render(): void {
    let room = Math.floor((this.clock.nowMs - this.renderedUntilMs) * samplesPerMs);
    this.renderedUntilMs = this.clock.nowMs;
    for (const part of this.queue) {
      const samples = Math.min(room, part.received - part.rendered);
      part.rendered += samples;
      room -= samples;
      this.renderedByItem.set(part.itemId, (this.renderedByItem.get(part.itemId) ?? 0) + samples);
    }
  }
}
