import type { Agent, Instructions } from '../../agents/agent.js';
import type { OutputGuardrail } from '../../agents/guardrail.js';
import type { PlaybackTracker } from '../../audio/playback/playback-tracker.js';
import type { Sound } from '../../audio/sound.js';
import type { ConversationRules } from '../../contract/conversation-options.js';
import type { HistoryItem } from '../../contract/items.js';
import type { SessionSettings } from '../../contract/settings.js';
import type { Provider, TransportOptions } from '../../providers/provider.js';
import type { VendorOptions } from '../../providers/vendor-options.js';
import type { ToolErrorFormatter } from '../../tools/calls/failure-outcome.js';
import type { Tool, ToolInputGuardrail } from '../../tools/definition/tool.js';
import type { McpServerOptions } from '../../tools/mcp/mcp-server.js';
import type { VoiceSession } from '../voice-session.js';

/** Everything is optional: without options, the built-in provider listens and answers. */
export interface ConnectOptions extends ConversationRules {
  /** The first agent. Absent: an agent named `assistant`, made from the options below. */
  readonly agent?: Agent | undefined;
  /** For agents that have no instructions. */
  readonly instructions?: Instructions | undefined;
  /** For all agents, in addition to their own. */
  readonly tools?: readonly Tool[] | undefined;
  readonly mcpServers?: readonly McpServerOptions[] | undefined;
  readonly handoffs?: Agent['handoffs'];
  readonly outputGuardrails?: readonly OutputGuardrail[] | undefined;
  /** For agents that have no voice. */
  readonly voice?: string | undefined;
  /** Values for `{{name}}` in instructions. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** Passed unchanged to tools, guardrails and the functions of agents. */
  readonly context?: unknown;

  /**
   * Its id, or a provider object. Default: the variable `VOXTERM_PROVIDER`, else the built-in one; then
   * `VOXTERM_MODEL`, `VOXTERM_URL` and `VOXTERM_SCENARIO` are the defaults of model, url and scenario, so that a
   * program runs with another provider unchanged.
   */
  readonly provider?: string | Provider | undefined;
  readonly model?: string | undefined;
  /** Another address, for compatible servers. */
  readonly url?: string | undefined;
  /** Allow `ws://`, and headers of MCP servers over `http://`, to a host that is not this machine. */
  readonly insecure?: boolean | undefined;
  /** Sent in addition to the provider's own; a header of the same name is replaced. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Default: the provider's variable in `env`. A function is called before every connection. */
  readonly apiKey?: string | (() => string | Promise<string>) | undefined;
  /** Variables for keys and for tools. Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Scenario file of the built-in provider. */
  readonly scenario?: string | undefined;
  /** How the connection is made and watched: pings, time-outs, the largest message. */
  readonly transport?: TransportOptions | undefined;
  /** Options that only some providers have, as in the section `providers.<id>` of the configuration. */
  readonly providerOptions?: VendorOptions | undefined;
  /** Other settings of the model: turn detection, transcription, modality, speed and so on. */
  readonly settings?: Omit<SessionSettings, 'tools' | 'instructions' | 'voice'> | undefined;
  /** Spoken language, ISO 639-1. */
  readonly language?: string | undefined;

  /** `debounceCharacters`: how much is said between two checks; default 100. */
  readonly guardrails?: { readonly debounceCharacters?: number | undefined } | undefined;
  /** For all tools, before their own. */
  readonly inputGuardrails?: readonly ToolInputGuardrail[] | undefined;
  /** Chooses what the model is told when a call fails. */
  readonly toolErrorFormatter?: ToolErrorFormatter | undefined;
  /** For tools that set no time-out, in milliseconds. Default 10,000. */
  readonly toolTimeoutMs?: number | undefined;
  /** False: calls run one after the other, in the order in which the model makes them. Sound never waits for calls. */
  readonly asyncTools?: boolean | undefined;
  /** `allow`: tools that run without approval, by name or pattern (`files__*`). */
  readonly approvals?: { readonly allow?: readonly string[] | undefined } | undefined;

  /** The history of an earlier session. */
  readonly history?: readonly HistoryItem[] | undefined;

  /**
   * Where answers are played. `virtual` (default): nowhere, but they count as heard at the pace of a speaker.
   * `devices`: microphone and speaker of this machine. A `PlaybackTracker`: the program plays them. Null: the answers
   * are text.
   */
  readonly sound?: 'virtual' | 'devices' | PlaybackTracker | Sound | null | undefined;
  /** A connection that breaks is replaced. Default true. */
  readonly reconnect?: boolean | { readonly delaysMs: readonly number[] } | undefined;
  /**
   * The clock of the session, in milliseconds from any origin: for `at` of events, durations and limits. Default: real
   * time. A `FakeClock` of `voxterm/testing` has one.
   */
  readonly now?: (() => number) | undefined;
  /** Ends the session cleanly when aborted. */
  readonly signal?: AbortSignal | undefined;
  /** A telephone call to join, by the provider's id: its sound stays with the provider. */
  readonly callId?: string | undefined;
  /** Where the session is traced to, see `openTrace`. It receives the session from its first event on. */
  readonly trace?: { follow(session: VoiceSession): unknown } | undefined;
  /** Receives log lines, without secrets and sound. */
  readonly log?: ((line: string) => void) | undefined;
}
