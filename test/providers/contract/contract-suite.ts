import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../../src/providers/catalog.js';
import type { ConnectionSettings, Provider } from '../../../src/providers/provider.js';
import { findProvider } from '../../../src/providers/registry.js';
import { eventFault } from '../../../src/testing/contract/event-shapes.js';
import { providerContract } from '../../../src/testing/provider-contract.js';
import { loadSessions } from './golden-frames.js';

export interface ContractFixtures {
  /** Settings that connect; the values of the provider's key variables are taken as secrets. */
  readonly settings: ConnectionSettings;
  /** Folder of golden frames below `test/fixtures/frames`. */
  readonly frames: string;
}

/**
 * What every built-in provider must keep: the contract, its place in the catalog, and more frames than one seed makes.
 */
export function contractSuite(provider: Provider, { settings, frames }: ContractFixtures): void {
  const sessions = loadSessions(frames);
  providerContract(provider, { describe, it, expect, connection: settings, sessions });

  describe(`${provider.id}: identity`, () => {
    it('is what the catalog says', async () => {
      expect(provider).toMatchObject({ ...catalog.find(({ id }) => id === provider.id) });
      expect(catalog.map(({ id }) => id)).toContain(provider.id);
      expect(await findProvider(provider.id)).toBe(provider);
    });
  });

  describe(`${provider.id}: frames that fast-check makes`, () => {
    it('may be anything at all', () => {
      const codec = provider.codec(settings);
      const types = sessions.flatMap(({ steps }) => steps.map(({ frame }) => frame.type));
      const alike = fc.record({ type: fc.constantFrom(...types) }, { noNullPrototype: true });
      const frame = fc.oneof(
        fc.string(),
        fc.uint8Array(),
        fc.json(),
        fc
          .tuple(alike, fc.dictionary(fc.string(), fc.jsonValue()))
          .map(([a, b]) => JSON.stringify({ ...b, ...a })),
      );
      fc.assert(
        fc.property(frame, (value) => {
          for (const event of codec.decode(value)) expect(eventFault(event)).toBeUndefined();
        }),
        { numRuns: 2000 },
      );
    });
  });
}
