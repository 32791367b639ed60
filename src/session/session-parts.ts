import type { Team } from '../agents/team.js';
import type { Sound } from '../audio/sound.js';
import type { TurnDetectorFactory } from '../audio/turns/turn-detector.js';
import type { ConversationRules } from '../contract/conversation-options.js';
import type { Profile } from '../contract/profile.js';
import type { SessionSettings } from '../contract/settings.js';
import type { ConversationOptions } from '../conversation/conversation.js';
import type { Note } from '../providers/provider.js';
import type { ToolRunner } from '../tools/definition/tool.js';
import type { Link } from './link/link.js';
import type { Reconnect } from './link/reconnecting-link.js';

/** What a session is made of. */
export interface SessionParts extends ConversationRules, Pick<ConversationOptions, 'history'> {
  readonly profile: Profile;
  /** The initial settings of the model, without the tools: those come from `tools`. */
  readonly settings: SessionSettings;
  readonly link: Link;
  /** Absent: the session ends when its connection does. */
  readonly reconnect?: Reconnect | undefined;
  /** Before each attempt at a new connection, in milliseconds. */
  readonly reconnectDelaysMs?: readonly number[] | undefined;
  /** Null: typed text and printed replies only. */
  readonly sound: Sound | null;
  readonly tools: ToolRunner;
  /** The agents, if there are any; their tools are `tools`. */
  readonly team?: Team | undefined;
  readonly guardrails?: { readonly debounceCharacters?: number | undefined } | undefined;
  /** The program's own context value. */
  readonly context?: unknown;
  /** Warnings for the user before the conversation begins. */
  readonly notes?: readonly Note[] | undefined;
  /** Detects the turns if that happens on this side. */
  readonly turnDetector?: TurnDetectorFactory | undefined;
  /** Fall back to half-duplex when the assistant hears itself. */
  readonly watchEcho: boolean;
  /** Put the samples into `assistant.audio` events. */
  readonly audioInEvents: boolean;
  /** Monotonic milliseconds from any origin. */
  readonly now: () => number;
  /** Also closed at the end: a server that runs inside this program. */
  readonly closeAlso?: (() => Promise<void>) | undefined;
  readonly log?: ((line: string) => void) | undefined;
}
