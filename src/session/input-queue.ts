import type { Input } from '../contract/inputs.js';

/** Inputs one after the other: what comes up while one is handled waits until its effects have been run. */
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
