import type { ServerEvent } from '../../core/server-event.js';

const prefix = 'conversation.item.input_audio_transcription';

/** Transcripts are announced again as they grow, each time with the previous turn's transcript in front. */
export class GrowingTranscripts {
  private before = '';
  private readonly growing = new Map<unknown, string>();

  /** The event as the vendor sends it; undefined for other events. */
  write(event: ServerEvent): readonly ServerEvent[] | undefined {
    const { type, item_id, content_index, delta, transcript } = event;
    if (type === `${prefix}.delta` && typeof delta === 'string') {
      const text = `${this.growing.get(item_id) ?? ''}${delta}`;
      this.growing.set(item_id, text);
      return [this.completed(item_id, content_index, text.trimEnd())];
    }
    if (type === `${prefix}.completed` && typeof transcript === 'string') {
      this.growing.delete(item_id);
      const last = this.completed(item_id, content_index, transcript);
      this.before = transcript;
      return [last];
    }
    return undefined;
  }

  private completed(itemId: unknown, contentIndex: unknown, text: string): ServerEvent {
    const transcript = this.before === '' ? text : `${this.before} ${text}`;
    return { type: `${prefix}.completed`, item_id: itemId, content_index: contentIndex, transcript };
  }
}
