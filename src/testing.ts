/**
 * `voxterm/testing`: for writing a provider, and for testing what is built on voxterm. No test runner is imported:
 * `providerContract` is given one.
 *
 * - `providerContract`: the contract of every provider, as tests.
 * - `ScriptedServer`: a WebSocket server for a provider under test.
 * - `scenarioProvider`: a model that follows a script, for testing tools, agents and guardrails.
 * - `FakeSound`, `FakeClock`: microphone, speaker and time that a test controls. `VirtualSound` of `voxterm` is a
 *   speaker that plays in real time.
 */
export { VirtualSound, type VirtualSoundOptions } from './audio/virtual-sound.js';
export type { Clock } from './simulator/core/clock.js';
export type { ScenarioInput } from './simulator/scenario/scenario-schema.js';
export type { ProviderContractOptions } from './testing/contract/options.js';
export type { RecordedFrame, RecordedSession, RecordedStep } from './testing/contract/recorded-session.js';
export type { TestRunner } from './testing/contract/runner.js';
export { FakeClock } from './testing/fake-clock.js';
export { FakeSound, type FakeSoundOptions } from './testing/fake-sound.js';
export { providerContract } from './testing/provider-contract.js';
export { type ScenarioProviderOptions, scenarioProvider } from './testing/scenario-provider.js';
export {
  type ClosedConnection,
  ConnectionEnded,
  type ReceivedFrame,
  type ScriptedConnection,
  type UpgradeRequest,
} from './testing/scripted-connection.js';
export {
  ScriptedServer,
  type ScriptedServerOptions,
  type UpgradeRefusal,
} from './testing/scripted-server.js';
