import type { Frame } from '../contract/frame.js';
import type { ConnectionSettings, Provider } from '../providers/provider.js';
import { checkConnection } from './contract/connection-checks.js';
import { checkEndings } from './contract/ending-checks.js';
import { checkMemory } from './contract/memory-checks.js';
import { checkProfile } from './contract/profile-checks.js';
import { checkReceived } from './contract/received-checks.js';
import type { RecordedSession } from './contract/recorded-session.js';
import type { TestRunner } from './contract/runner.js';
import { checkSent } from './contract/sent-checks.js';
import { subjectOf } from './contract/subject.js';

export interface ProviderContractOptions extends TestRunner {
  /** Settings that connect. Default: the provider's default model, and an invented key in each of its variables. */
  readonly connection?: Partial<ConnectionSettings> | undefined;
  /**
   * What a server says, with the events that the codec must make of it. Without them only the checks that need no frame of
   * the dialect are made; record one session per feature at least.
   */
  readonly sessions?: readonly RecordedSession[] | undefined;
  /** A frame that the dialect might add tomorrow. Default: the first recorded frame with an unknown name. */
  readonly unknownFrame?: Frame | undefined;
  /** How a frame that we send is read; throws when it cannot be. Default: as the JSON of an object. */
  readonly readFrame?: ((frame: Frame) => unknown) | undefined;
  /** Of the random frames; a failure names it. Default 1. */
  readonly seed?: number | undefined;
  /** How many random frames. Default 2000. */
  readonly runs?: number | undefined;
}

/**
 * Declares the tests that every provider must pass: profile, endpoint, frames both ways, close codes, memory. Nothing of it
 * opens a connection or waits.
 *
 * @example
 * ```ts
 * import { describe, expect, it } from 'vitest';
 * import { providerContract } from 'voxterm/testing';
 *
 * providerContract(myProvider, { describe, it, expect, sessions });
 * ```
 */
export function providerContract(provider: Provider, options: ProviderContractOptions): void {
  const subject = subjectOf(provider, options);
  for (const check of [checkProfile, checkConnection, checkSent, checkReceived, checkEndings, checkMemory]) {
    check(subject);
  }
}
