import type { Input } from '../contract/inputs.js';
import type { Profile } from '../contract/profile.js';
import type { AssistantTurns } from './assistant/assistant-turns.js';
import type { Connection } from './connection.js';
import type { Outbox } from './core/outbox.js';
import { handoffOf } from './tools/handoff-of.js';
import type { UserTurns } from './user/user-turns.js';

type ToolEnded = Extract<Input, { type: 'tool.ended' }>;
type SettingsChanged = Extract<Input, { type: 'settings.changed' }>;

/** An answer that never ends must not keep the next agent away. */
const answerPatienceMs = 8000;
/** Nor must words that do not come. */
const wordsPatienceMs = 3000;
/** Nor speech whose end is never reported. */
const speechPatienceMs = 30_000;

export interface HandoffsParts {
  readonly out: Outbox;
  readonly profile: Profile;
  readonly connection: Connection;
  readonly user: UserTurns;
  readonly assistant: AssistantTurns;
}

/**
 * Calls that hand the conversation over. One that needs a new connection waits until nothing is lost by it: what is
 * still to come of an answer comes on the old connection only, and of a turn that the provider listens to only it has
 * the sound.
 */
export class Handoffs {
  /** In order: the first one must not overrule the second. */
  private held: (ToolEnded | SettingsChanged)[] = [];
  private heldSinceMs = 0;
  private userQuietSinceMs = 0;
  /** Responses that wait for the outcome of such a call: they have said all they can. */
  private readonly callers = new Set<string>();

  constructor(private readonly parts: HandoffsParts) {}

  /** Returns false where it is nothing to wait for. */
  keeps(input: ToolEnded | SettingsChanged): boolean {
    const handoff = handoffOf(input);
    if (this.held.length === 0) {
      const { out, connection } = this.parts;
      if (handoff === undefined || !connection.ready || !connection.renewsFor(handoff.settings)) return false;
      this.heldSinceMs = out.nowMs;
      this.userQuietSinceMs = out.nowMs;
    } else if (handoff === undefined && input.type !== 'settings.changed') {
      return false;
    }
    if (input.type === 'tool.ended' && !this.parts.profile.createAfterTool) {
      const responseId = this.parts.assistant.tools.calls.responseOf(input.callId);
      if (responseId !== undefined) this.callers.add(responseId);
    }
    this.held.push(input);
    return true;
  }

  /** What need not wait any longer. */
  take(): readonly (ToolEnded | SettingsChanged)[] {
    if (this.held.length === 0 || this.mustWait) return [];
    const { held } = this;
    this.held = [];
    this.callers.clear();
    return held;
  }

  private get mustWait(): boolean {
    const { out, connection, user, assistant } = this.parts;
    // The next connection begins with them.
    if (!connection.ready) return false;
    if (user.heardByProvider && out.nowMs - this.heldSinceMs < speechPatienceMs) {
      this.userQuietSinceMs = out.nowMs;
      return true;
    }
    const waitedMs = out.nowMs - this.userQuietSinceMs;
    if ((user.untold || user.words.pending) && waitedMs < wordsPatienceMs) return true;
    return waitedMs < answerPatienceMs && assistant.givesBeside(this.callers);
  }
}
