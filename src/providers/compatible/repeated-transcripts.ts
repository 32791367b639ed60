import type { ModelEvent } from '../../conversation/events.js';

/** Turns are settled one after the other; a server that never answers must not fill the memory. */
const mostItems = 32;

interface Words {
  text: string;
  /** Told as final. */
  settled: boolean;
}

/**
 * For servers that send `…transcription.completed` again and again, each time with all words so far. Until an answer opens or
 * the next speech begins they are told as a growing transcript, then once as the final one; what still changes after that is
 * told as final again, so that the last text wins.
 */
export class RepeatedTranscripts {
  private readonly items = new Map<string, Words>();

  completed(itemId: string, text: string): ModelEvent[] {
    const known = this.items.get(itemId);
    if (known?.text === text) return [];
    if (known?.settled === true) {
      known.text = text;
      return [{ type: 'user.transcript.done', itemId, text }];
    }
    this.items.set(itemId, { text, settled: false });
    return [{ type: 'user.transcript.updated', itemId, text }];
  }

  /** The turn is over: what has been written down counts. */
  settle(): ModelEvent[] {
    const settled: ModelEvent[] = [];
    for (const [itemId, words] of this.items) {
      if (!words.settled) settled.push({ type: 'user.transcript.done', itemId, text: words.text });
      words.settled = true;
      if (this.items.size > mostItems) this.items.delete(itemId);
    }
    return settled;
  }
}
