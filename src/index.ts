/**
 * voxterm as a library: what the command line does, in code.
 *
 * @example
 * ```ts
 * import { createToolRunner, findProvider, startSession } from 'voxterm';
 *
 * const session = await startSession({
 *   provider: await findProvider('local'),
 *   connection: { model: 'local', env: process.env },
 *   settings: { instructions: 'Be brief.' },
 *   tools: createToolRunner([], { env: process.env }),
 * });
 * session.subscribe((event) => console.log(event.type));
 * session.sendText('What time is it?');
 * ```
 */
export type { DeviceInfo, EchoMode, Sound, SoundEvent, SoundOptions } from './audio/sound.js';
export { VirtualSound, type VirtualSoundOptions } from './audio/virtual-sound.js';
export { type Ending, ExitCode } from './conversation/exit.js';
export { VoxtermError } from './conversation/failure.js';
export type { HistoryItem, MessageItem, ToolCallItem } from './conversation/items.js';
export type { Profile } from './conversation/profile.js';
export type { SessionEvent, SessionEventType } from './conversation/session-events.js';
export type { SessionSettings, ToolSpec, TurnDetection } from './conversation/settings.js';
export type { TokenCount, Usage } from './conversation/usage.js';
export type { ConnectionSettings, Provider } from './providers/provider.js';
export { findProvider, providerIds } from './providers/registry.js';
export { type StartOptions, startSession } from './session/start.js';
export type { SessionState, VoiceSession } from './session/voice-session.js';
export { defineTool } from './tools/define-tool.js';
export type { ToolModuleKit } from './tools/module-exports.js';
export { builtinTools, type LoadToolsOptions, loadTools } from './tools/modules.js';
export { createToolRunner, type ToolRunnerOptions } from './tools/registry.js';
export type { JsonSchema, Tool, ToolCall, ToolContext, ToolRunner } from './tools/tool.js';
export { ToolError } from './tools/tool-error.js';
