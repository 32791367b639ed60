import type { ModelEvent } from '../../../contract/events.js';

/** Limits memory if a server never answers. */
const mostItems = 32;

interface Words {
  text: string;
  /** Reported as final. */
  settled: boolean;
  /** The server has marked the transcript as complete. */
  complete: boolean;
}

/**
 * For servers that send `…transcription.completed` repeatedly, each time with the whole transcript so far. Until an
 * answer starts or the user speaks again, these are reported as updates, then once as final; a later change is an
 * update of the final text. If the server marks one as complete, that one wins: older snapshots have been seen to
 * arrive after it.
 */
export class RepeatedTranscripts {
  private readonly items = new Map<string, Words>();

  /** `status`: some servers mark the last snapshot as `completed`. */
  completed(itemId: string, text: string, status?: unknown): ModelEvent[] {
    const known = this.items.get(itemId);
    const complete = status === 'completed';
    if (known?.complete === true && !complete) return [];
    const settled = complete || known?.settled === true;
    const displaced = known === undefined ? this.makeRoom() : [];
    this.items.set(itemId, { text, settled, complete });
    if (known?.text === text && known.settled === settled) return [];
    return [
      ...displaced,
      {
        type: settled && known?.settled !== true ? 'user.transcript.done' : 'user.transcript.updated',
        itemId,
        text,
      },
    ];
  }

  /** Drops the oldest item, after reporting its transcript as final. */
  private makeRoom(): ModelEvent[] {
    const [oldest] = this.items;
    if (oldest === undefined || this.items.size < mostItems) return [];
    const [itemId, { text, settled }] = oldest;
    this.items.delete(itemId);
    return settled ? [] : [{ type: 'user.transcript.done', itemId, text }];
  }

  /** Whether the server has marked the transcript as complete, so that further snapshots are stale. */
  isComplete(itemId: string): boolean {
    return this.items.get(itemId)?.complete === true;
  }

  /** The turn is over: reports the last snapshots as final. */
  settle(): ModelEvent[] {
    const settled: ModelEvent[] = [];
    for (const [itemId, words] of this.items) {
      if (!words.settled) settled.push({ type: 'user.transcript.done', itemId, text: words.text });
      words.settled = true;
    }
    return settled;
  }
}
