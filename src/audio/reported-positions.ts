import type { PartKey } from '../contract/events.js';
import type { RenderedPart } from '../contract/inputs.js';
import { partId } from './playback/part-progress.js';

/**
 * How far each part was rendered, according to the reports of the sound helper. Outlives the helper: a new one counts
 * from 0 again.
 */
export class ReportedPositions {
  private parts = new Map<string, RenderedPart>();
  private base = new Map<string, number>();

  /** Sound of this part was handed to the helper. */
  expect({ itemId, contentIndex }: PartKey): void {
    const id = partId({ itemId, contentIndex });
    if (!this.parts.has(id)) this.parts.set(id, { itemId, contentIndex, samples: 0 });
  }

  /** Takes a report of the helper. Returns the same parts with their total positions. */
  update(reported: readonly RenderedPart[]): RenderedPart[] {
    return reported.map(({ itemId, contentIndex, samples }) => {
      const id = partId({ itemId, contentIndex });
      const position = { itemId, contentIndex, samples: (this.base.get(id) ?? 0) + samples };
      this.parts.set(id, position);
      return position;
    });
  }

  list(): RenderedPart[] {
    return [...this.parts.values()];
  }

  /** The helper is gone: the next one counts from 0. */
  rebase(): void {
    for (const [id, { samples }] of this.parts) this.base.set(id, samples);
  }
}
