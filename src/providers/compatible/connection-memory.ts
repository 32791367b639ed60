import { Base64Decoder } from '../../base/base64.js';
import type { ModelEvent } from '../../contract/events.js';
import { RecentIds } from '../../contract/recent-ids.js';
import { McpMemory } from './decode/mcp.js';
import { RepeatedTranscripts } from './decode/repeated-transcripts.js';
import { ToolCalls } from './decode/tool-calls.js';
import { UntoldWords } from './decode/untold-words.js';
import { RefusedFields } from './refused-fields.js';
import type { Switches } from './switches.js';
import { WireSound } from './wire-sound.js';

/** What the codec of one connection remembers from frame to frame. */
export class ConnectionMemory {
  readonly base64 = new Base64Decoder();
  readonly sound: WireSound;
  readonly calls = new ToolCalls();
  readonly words = new UntoldWords();
  readonly fields = new RefusedFields();
  readonly mcp: McpMemory;
  /** Items that contain the silence after which the server spoke by itself. */
  readonly silences = new RecentIds();
  readonly transcripts: RepeatedTranscripts | undefined;
  /** Items whose transcript has been reported as final. */
  private readonly finalWords = new RecentIds();
  /** Answers come as text only, because we asked for that. */
  writtenOnly = false;

  constructor(readonly switches: Switches) {
    this.sound = new WireSound(switches);
    this.mcp = new McpMemory(switches.createAfterServerTool);
    this.transcripts = switches.repeatsTranscripts ? new RepeatedTranscripts() : undefined;
  }

  /** A transcript is final once: a server that completes it again corrects it. */
  finalOnce(events: ModelEvent[]): ModelEvent[] {
    for (const [index, event] of events.entries()) {
      if (event.type !== 'user.transcript.done') continue;
      const { itemId, text } = event;
      if (this.finalWords.has(itemId)) events[index] = { type: 'user.transcript.updated', itemId, text };
      else this.finalWords.add(itemId);
    }
    return events;
  }

  /** Whether text output is the transcript of the audio. */
  get textIsSpoken(): boolean {
    return this.switches.textIsSpoken && !this.writtenOnly;
  }
}
