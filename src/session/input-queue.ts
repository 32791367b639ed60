import type { Input } from '../contract/inputs.js';

/**
 * Handles inputs one at a time: an input that arrives meanwhile waits until the effects of the current one have run.
 */
export class InputQueue {
  private readonly waiting: Input[] = [];
  private working = false;

  constructor(private readonly handle: (input: Input) => void) {}

  add(input: Input): void {
    this.waiting.push(input);
    if (this.working) return;
    this.working = true;
    try {
      for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift())
        this.handle(next);
    } finally {
      this.working = false;
    }
  }
}
