/** Repeatable random values: the same seed gives the same choices. */
export class Random {
  constructor(private state: number) {}

  /** 0 up to, not including, 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from 0 up to, not including, the limit. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<Entry>(list: readonly Entry[]): Entry {
    const entry = list[this.below(list.length)];
    if (entry === undefined) throw new Error('nothing to pick from');
    return entry;
  }

  bytes(most: number): Uint8Array {
    return Uint8Array.from({ length: this.below(most + 1) }, () => this.below(256));
  }

  /** Letters, quotes, braces, control characters, halves of surrogate pairs. */
  text(most: number): string {
    return Array.from({ length: this.below(most + 1) }, () => this.character()).join('');
  }

  json(depth = 3): unknown {
    switch (this.below(depth > 0 ? 8 : 6)) {
      case 0:
        return null;
      case 1:
        return this.next() < 0.5;
      case 2:
        return (this.next() - 0.5) * 10 ** this.below(20);
      case 3:
        return this.below(1000);
      case 4:
      case 5:
        return this.text(12);
      case 6:
        return Array.from({ length: this.below(4) }, () => this.json(depth - 1));
      default:
        return Object.fromEntries(
          Array.from({ length: this.below(4) }, () => [this.text(6), this.json(depth - 1)]),
        );
    }
  }

  private character(): string {
    const kind = this.below(10);
    if (kind < 6) return String.fromCharCode(0x20 + this.below(0x5f));
    if (kind < 8) return this.pick(['"', '\\', '{', '}', '[', ']', ',', ':', '\0', '\n', '__proto__']);
    return String.fromCharCode(this.below(0x1_0000));
  }
}
