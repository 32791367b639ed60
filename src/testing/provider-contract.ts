import type { Provider } from '../providers/provider.js';
import { checkConnection } from './contract/connection-checks.js';
import { checkEndings } from './contract/ending-checks.js';
import { checkMemory } from './contract/memory-checks.js';
import type { ProviderContractOptions } from './contract/options.js';
import { checkProfile } from './contract/profile-checks.js';
import { checkReceived } from './contract/received-checks.js';
import { checkSent } from './contract/sent-checks.js';
import { subjectOf } from './contract/subject.js';

/**
 * Declares the tests that every provider must pass: profile, endpoint, frames both ways, close codes, memory. The tests
 * neither open connections nor wait.
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
