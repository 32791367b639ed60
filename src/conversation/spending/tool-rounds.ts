import type { Outbox } from '../core/outbox.js';

/** The announcement comes after this part of the rounds. */
const announcedAfter = 0.75;

/**
 * Counts how often the model has called tools since the user's last words. A model that answers every result with
 * another call would go on for ever, and each round costs money.
 */
export class ToolRounds {
  private count = 0;
  private turns = 0;
  private responseId: string | undefined;
  private announced = false;

  constructor(
    private readonly out: Outbox,
    private readonly most: number,
  ) {}

  /** More of them than there may be. */
  get exceeded(): boolean {
    return this.count > this.most;
  }

  /**
   * The model makes a call. `turns`: how often the user has spoken so far. `followsResult`: the calls before it have
   * their results, so that it begins another round although its response is the same.
   */
  called(responseId: string, { turns, followsResult }: { turns: number; followsResult: boolean }): void {
    if (turns !== this.turns) this.begin(turns);
    if (responseId === this.responseId && !followsResult) return;
    this.responseId = responseId;
    this.count += 1;
    if (this.announced || this.exceeded || this.count < Math.ceil(this.most * announcedAfter)) return;
    this.announced = true;
    const rounds = `${this.count} ${this.count === 1 ? 'round' : 'rounds'}`;
    this.out.emit({
      type: 'warning',
      code: 'limit.toolRounds.near',
      message: `The model has called tools for ${rounds} without a word from you. The session ends after ${this.most}.`,
      hint: 'Say or type something if it should go on.',
    });
  }

  private begin(turns: number): void {
    this.turns = turns;
    this.count = 0;
    this.responseId = undefined;
    this.announced = false;
  }
}
