import type { ConversationRules } from '../contract/conversation-options.js';
import type { SessionSettings } from '../contract/settings.js';
import type { SoundChoices } from '../contract/sound-options.js';
import type { VendorOptions } from '../providers/vendor-options.js';
import type { Approval } from '../tools/definition/tool.js';
import type { AgentConfig, CommandToolConfig, GuardrailConfig } from './agent-schema.js';
import type { McpSource } from './effective.js';
import type { Source } from './layer.js';

/** Values of the common flags as commander gives them; undefined = not given. */
export interface CommonFlags {
  readonly provider?: string;
  readonly model?: string;
  readonly voice?: string;
  readonly instructions?: string;
  readonly language?: string;
  readonly url?: string;
  readonly insecure?: boolean;
  readonly config?: string;
  readonly envFile?: string;
  readonly inputDevice?: string;
  readonly outputDevice?: string;
  readonly backend?: string;
  readonly echo?: string;
  readonly tool?: readonly string[];
  readonly allowTool?: readonly string[];
  readonly mcpConfig?: string;
  readonly agent?: string;
  /** Each `NAME=VALUE`. */
  readonly var?: readonly string[];
  readonly resume?: string;
  readonly saveHistory?: string;
  /** As they were written; the configuration reads them as numbers. */
  readonly maxCost?: string;
  readonly maxTurns?: string;
  readonly maxDuration?: string;
  readonly trace?: string;
  readonly record?: string;
  readonly scenario?: string;
  /** `server`, `semantic`, `client` or `none`: the type of turn detection. */
  readonly turns?: string;
  readonly newConversation?: boolean;
  readonly json?: boolean;
  readonly jsonAudio?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly logFile?: string;
  /** False with `--no-color`. */
  readonly color?: boolean;
}

/** Everything resolved: flag > environment > `--config` file > user's file > default. Paths are absolute. */
export interface Settings {
  readonly provider: string;
  /** Where the choice of provider came from; with `default`, the line about the keys that were found is printed. */
  readonly providerSource: Source;
  /** Where turn detection was configured. */
  readonly turnsSource: Source;
  readonly model: string;
  readonly url: string | undefined;
  readonly insecure: boolean;
  readonly language: string | undefined;
  /** The settings of the model. */
  readonly session: SessionSettings;
  /** Passed to the conversation unchanged. */
  readonly conversation: ConversationRules;
  /** Start a new conversation where the provider would continue an earlier one. */
  readonly newConversation?: boolean | undefined;
  /** Names of all variables that hold keys of providers and engines. */
  readonly keyVariables: readonly string[];
  /** Settings that only the selected provider has. */
  readonly options: VendorOptions;
  readonly audio: SoundChoices;
  /** Names of built-in tools, absolute paths of modules, and programs. */
  readonly tools: readonly (string | CommandToolConfig)[];
  readonly toolTimeoutMs: number;
  readonly weather: { readonly geocodingUrl: string | undefined; readonly forecastUrl: string | undefined };
  readonly team: TeamSettings;
  /** The conversation to start from, and where this one is saved; absolute paths. */
  readonly resume: string | undefined;
  readonly saveHistory: string | undefined;
  readonly trace: string | undefined;
  readonly scenario: string | undefined;
  readonly record: string | undefined;
  readonly logFile: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly output: {
    readonly json: boolean;
    readonly jsonAudio: boolean;
    readonly quiet: boolean;
    readonly verbose: boolean;
    /** Already decided from `--no-color`, NO_COLOR, FORCE_COLOR, TERM=dumb and the terminal, per stream. */
    readonly color: { readonly stdout: boolean; readonly stderr: boolean };
  };
}

/** The agents, and what they may do. */
interface TeamSettings {
  /** By name, with the text of files already read. */
  readonly agents: Readonly<Record<string, AgentConfig>>;
  /** The name of the first agent; undefined if there are no agents. */
  readonly start: string | undefined;
  /**
   * True if a flag or variable chose the starting agent for this run; otherwise an earlier conversation continues with
   * the agent that had it last.
   */
  readonly startNamed: boolean;
  /** Apply to all agents. */
  readonly guardrails: readonly GuardrailConfig[];
  readonly guardrailDebounce: number | undefined;
  /** Values for `{{name}}` in instructions. */
  readonly variables: Readonly<Record<string, string>>;
  /** Programs that tools of type "command" may start. */
  readonly programs: readonly string[];
  /** By the name of a tool, or a pattern with `*`. */
  readonly approvals: Readonly<Record<string, Approval>>;
  /** Tools, or patterns with `*`, that run without asking. */
  readonly allowTools: readonly string[];
  readonly mcpSources: readonly McpSource[];
  /** A file with more servers. */
  readonly mcpConfig: string | undefined;
}

/** The streams of a command; tests pass their own. */
export interface Io {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}
