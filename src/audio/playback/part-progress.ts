import type { PartKey } from '../../contract/events.js';
import type { RenderedPart } from '../../contract/inputs.js';

interface Account {
  readonly part: PartKey;
  received: number;
  rendered: number;
  ended: boolean;
}

/** Samples received and rendered per content part. Rendered never exceeds received and never decreases. */
export class PartProgress {
  private readonly accounts = new Map<string, Account>();
  private readonly changed = new Set<string>();

  receive(part: PartKey, samples: number): void {
    const known = this.accounts.get(partId(part));
    if (known !== undefined) known.received += samples;
    else this.accounts.set(partId(part), { part, received: samples, rendered: 0, ended: false });
  }

  render(part: PartKey, samples: number): void {
    const account = this.accounts.get(partId(part));
    if (account === undefined || samples <= 0) return;
    account.rendered = Math.min(account.received, account.rendered + samples);
    this.changed.add(partId(part));
  }

  /** No more will be received for this part. */
  end(part: PartKey): void {
    const account = this.accounts.get(partId(part));
    if (account === undefined) return;
    account.ended = true;
    this.forget(account);
  }

  /** More may still come for one of the parts. */
  get open(): boolean {
    for (const account of this.accounts.values()) if (!account.ended) return true;
    return false;
  }

  isOpen(part: PartKey): boolean {
    return this.accounts.get(partId(part))?.ended === false;
  }

  positions(): RenderedPart[] {
    return [...this.accounts.values()].map(position);
  }

  /** Positions that moved since the last call. Also forgets the parts that are finished. */
  takeChanged(): RenderedPart[] {
    const moved: RenderedPart[] = [];
    for (const id of this.changed) {
      const account = this.accounts.get(id);
      if (account !== undefined) moved.push(position(account));
    }
    this.changed.clear();
    for (const account of [...this.accounts.values()]) this.forget(account);
    return moved;
  }

  clear(): void {
    this.accounts.clear();
    this.changed.clear();
  }

  private forget(account: Account): void {
    const id = partId(account.part);
    if (account.ended && account.rendered >= account.received && !this.changed.has(id)) {
      this.accounts.delete(id);
    }
  }
}

/** A map key for a content part. */
export function partId({ itemId, contentIndex }: PartKey): string {
  return `${contentIndex}/${itemId}`;
}

export function samePart(a: PartKey, b: PartKey): boolean {
  return a.contentIndex === b.contentIndex && a.itemId === b.itemId;
}

function position({ part, rendered }: Account): RenderedPart {
  return { itemId: part.itemId, contentIndex: part.contentIndex, samples: rendered };
}
