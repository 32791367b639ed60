/**
 * voxterm as a library: voice agents on every realtime provider, and everything the command line does.
 *
 * @example
 * ```ts
 * import * as voxterm from 'voxterm';
 *
 * const session = await voxterm.connect({ instructions: 'Be brief.' });
 * await session.sendMessage('What time is it?');
 * for await (const event of session) {
 *   if (event.type === 'assistant.text.done') console.log(event.text);
 *   if (event.type === 'response.done') break;
 * }
 * await session.close();
 * ```
 */
export {
  type Agent,
  defineAgent,
  type Handoff,
  handoff,
  type Instructions,
  type RunContext,
} from './agents/agent.js';
export { bannedTerms, matches, type RuleOptions } from './agents/built-in-guardrails.js';
export { createTeam, type TeamOptions } from './agents/create-team.js';
export type { GuardrailInput, GuardrailVerdict, OutputGuardrail } from './agents/guardrail.js';
export type { McpServersFactory } from './agents/mcp-server-pool.js';
export type { Persona, Team } from './agents/team.js';
export { PlaybackTracker, type PlaybackTrackerOptions } from './audio/playback/playback-tracker.js';
export type { DeviceInfo, Sound, SoundEvent, SoundOptions } from './audio/sound.js';
export { VirtualSound, type VirtualSoundOptions } from './audio/virtual-sound.js';
export type { Command } from './contract/commands.js';
export type { ModelEvent, PartKey, ResponseStatus } from './contract/events.js';
export { type Ending, ExitCode } from './contract/exit.js';
export type { Facts } from './contract/facts.js';
export { VoxtermError } from './contract/failure.js';
export type { Frame } from './contract/frame.js';
export type { HistoryItem, ItemSnapshot, MessageItem, NewItem, ToolCallItem } from './contract/items.js';
export type { HistoryLimit, Limits } from './contract/limits.js';
export type { ModelPrice, PriceTable, TokenPrices } from './contract/prices.js';
export type { ImageRules, Profile } from './contract/profile.js';
export type { SessionEvent, SessionEventType } from './contract/session-events.js';
export type {
  ServerTool,
  SessionSettings,
  SettingName,
  ToolSpec,
  TurnDetection,
} from './contract/settings.js';
export type { EchoMode } from './contract/sound-options.js';
export type { TokenCount, Usage } from './contract/usage.js';
export { historyToMarkdown } from './history/history-markdown.js';
export { readHistory, type SavedHistory } from './history/read-history.js';
export { type HistoryMeta, historyToJson } from './history/saved-history.js';
export type {
  CloseMeaning,
  Codec,
  ConnectionSettings,
  Endpoint,
  Note,
  Provider,
  TransportOptions,
} from './providers/provider.js';
export { findProvider, providerIds } from './providers/registry.js';
export type {
  AgentSession,
  AgentSessionEvent,
  AgentSessionListened,
  ImageInput,
  Message,
  SessionCost,
} from './session/agent-session.js';
export { connect } from './session/start/connect-agents.js';
export type { ConnectOptions } from './session/start/connect-options.js';
export { type StartOptions, startSession } from './session/start/start.js';
export type { RawMessage, SessionState, VoiceSession } from './session/voice-session.js';
export { Approvals } from './tools/approval/approvals.js';
export { type BackgroundResult, backgroundResult } from './tools/calls/background-result.js';
export type { ToolErrorFormatter } from './tools/calls/failure-outcome.js';
export {
  type CommandSurroundings,
  type CommandToolOptions,
  createCommandTool,
} from './tools/command/command-tool.js';
export { defineTool } from './tools/definition/define-tool.js';
export type {
  Approval,
  ApprovalAnswer,
  ApprovalFor,
  CallWatch,
  JsonSchema,
  Tool,
  ToolCall,
  ToolContext,
  ToolInput,
  ToolInputGuardrail,
  ToolInputVerdict,
  ToolProgress,
  ToolRunner,
} from './tools/definition/tool.js';
export { ToolError } from './tools/definition/tool-error.js';
export { builtinTools, type LoadToolsOptions, loadTools } from './tools/load-tools.js';
export type { ToolModuleKit } from './tools/modules/module-exports.js';
export { createToolRunner, type ToolRunnerOptions } from './tools/tool-runner.js';
export { openTrace, type Trace, type TraceOptions } from './tracing/trace.js';
