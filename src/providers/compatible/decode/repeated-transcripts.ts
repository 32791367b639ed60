import type { ModelEvent } from '../../../contract/events.js';

/** Turns are settled one after the other; a server that never answers must not fill the memory. */
const mostItems = 32;

interface Words {
  text: string;
  /** Told as final. */
  settled: boolean;
  /** The server itself has said that these are all. */
  complete: boolean;
}

/**
 * For servers that send `…transcription.completed` again and again, each time with all words so far. Until an answer opens or
 * the next speech begins they are told as a growing transcript, then once as the final one; what still changes after that is
 * told as final again, so that the last text wins. Where the server says which of them is complete, that one wins: older
 * snapshots were seen to come after it.
 */
export class RepeatedTranscripts {
  private readonly items = new Map<string, Words>();

  /** `status`: `completed` marks the last of them, where the server says so. */
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
      { type: settled ? 'user.transcript.done' : 'user.transcript.updated', itemId, text },
    ];
  }

  /** What is forgotten has been told to its end. */
  private makeRoom(): ModelEvent[] {
    const [oldest] = this.items;
    if (oldest === undefined || this.items.size < mostItems) return [];
    const [itemId, { text, settled }] = oldest;
    this.items.delete(itemId);
    return settled ? [] : [{ type: 'user.transcript.done', itemId, text }];
  }

  /** A snapshot of a turn whose words are complete says nothing new. */
  isComplete(itemId: string): boolean {
    return this.items.get(itemId)?.complete === true;
  }

  /** The turn is over: what has been written down counts. */
  settle(): ModelEvent[] {
    const settled: ModelEvent[] = [];
    for (const [itemId, words] of this.items) {
      if (!words.settled) settled.push({ type: 'user.transcript.done', itemId, text: words.text });
      words.settled = true;
    }
    return settled;
  }
}
