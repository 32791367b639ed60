import { Base64Decoder } from '../../base/base64.js';
import { RecentIds } from '../../contract/recent-ids.js';
import { McpMemory } from './decode/mcp.js';
import { RepeatedTranscripts } from './decode/repeated-transcripts.js';
import { ToolCalls } from './decode/tool-calls.js';
import type { Switches } from './switches.js';
import { WireSound } from './wire-sound.js';

/** What the codec of one connection remembers from frame to frame. */
export class ConnectionMemory {
  readonly base64 = new Base64Decoder();
  readonly sound: WireSound;
  readonly calls = new ToolCalls();
  readonly mcp: McpMemory;
  /** Items that contain the silence after which the server spoke by itself. */
  readonly silences = new RecentIds();
  readonly transcripts: RepeatedTranscripts | undefined;
  /** Answers come as text only, because we asked for that. */
  writtenOnly = false;

  constructor(readonly switches: Switches) {
    this.sound = new WireSound(switches);
    this.mcp = new McpMemory(switches.createAfterServerTool);
    this.transcripts = switches.repeatsTranscripts ? new RepeatedTranscripts() : undefined;
  }

  /** Whether text output is the transcript of the audio. */
  get textIsSpoken(): boolean {
    return this.switches.textIsSpoken && !this.writtenOnly;
  }
}
