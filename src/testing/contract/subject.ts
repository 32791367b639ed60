import { isObject } from '../../base/json.js';
import type { Frame } from '../../contract/frame.js';
import type { Profile } from '../../contract/profile.js';
import type { Codec, ConnectionSettings, Provider } from '../../providers/provider.js';
import type { ProviderContractOptions } from './options.js';
import type { RecordedSession, RecordedStep } from './recorded-session.js';
import type { TestRunner } from './runner.js';

/** The provider under test, and everything that the parts of the contract need from it. */
export interface Subject {
  readonly provider: Provider;
  readonly connection: ConnectionSettings;
  readonly sessions: readonly RecordedSession[];
  readonly steps: readonly RecordedStep[];
  readonly seed: number;
  readonly runs: number;
  readonly unknownFrame: Frame | undefined;
  readonly runner: TestRunner;
  readonly readFrame: (frame: Frame) => unknown;
  profile(): Profile;
  codec(): Codec;
}

export function subjectOf(provider: Provider, options: ProviderContractOptions): Subject {
  const { sessions = [], seed = 1, runs = 2000, unknownFrame, readFrame = jsonObject } = options;
  const invented = provider.keyVariables.map((name) => [name, 'contract-key-0123456789']);
  const connection: ConnectionSettings = {
    model: provider.defaultModel,
    env: Object.fromEntries(invented),
    ...options.connection,
  };
  return {
    ...{ provider, connection, sessions, seed, runs, unknownFrame, readFrame },
    runner: options,
    steps: sessions.flatMap(({ steps }) => steps),
    profile: () => provider.profile(connection.model, connection.options),
    codec: () => provider.codec(connection),
  };
}

/** @throws Error when the frame is not UTF-8, or not the JSON of an object. */
function jsonObject(frame: Frame): unknown {
  const text = typeof frame === 'string' ? frame : new TextDecoder('utf-8', { fatal: true }).decode(frame);
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) throw new Error(`a frame must be a JSON object: ${text.slice(0, 200)}`);
  return value;
}
