import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelEvent } from '../../../src/contract/events.js';
import { VoxtermError } from '../../../src/contract/failure.js';
import type { Frame } from '../../../src/contract/frame.js';
import { catalog } from '../../../src/providers/catalog.js';
import type { ConnectionSettings, Provider } from '../../../src/providers/provider.js';
import { findProvider } from '../../../src/providers/registry.js';
import { loadScenes, type Scene, written } from './golden-frames.js';
import { commands, eventNames } from './known-names.js';

export interface ContractFixtures {
  /** Settings that connect; the values of the provider's key variables are taken as secrets. */
  readonly settings: ConnectionSettings;
  /** Folder of golden frames below `test/fixtures/frames`. */
  readonly frames: string;
}

/** What every provider has to keep, whatever it speaks. */
export function contractSuite(provider: Provider, { settings, frames }: ContractFixtures): void {
  const scenes = loadScenes(frames);

  describe(`${provider.id}: identity`, () => {
    it('is what the catalog says', async () => {
      expect(provider).toMatchObject({ ...catalog.find(({ id }) => id === provider.id) });
      expect(catalog.map(({ id }) => id)).toContain(provider.id);
      expect(await findProvider(provider.id)).toBe(provider);
    });

    it('has a profile of plain, plausible data', () => {
      const profile = provider.profile(settings.model, settings.options);
      expect(JSON.parse(JSON.stringify(profile))).toEqual(profile);
      expect(profile).toMatchObject({ provider: provider.id, model: settings.model });
      for (const rateHz of [profile.inputRateHz, profile.outputRateHz]) {
        expect(Number.isInteger(rateHz)).toBe(true);
        expect(rateHz).toBeGreaterThanOrEqual(8000);
        expect(rateHz).toBeLessThanOrEqual(48_000);
      }
      for (const seconds of [profile.sessionLimitS, profile.idleLimitS, profile.pingEveryS]) {
        if (seconds !== null) expect(seconds).toBeGreaterThan(0);
      }
      expect(new Set(profile.voices).size).toBe(profile.voices.length);
      if (profile.truncation === 'explicit') expect(profile.deletesItems).toBe(true);
      if (profile.parallelTools) expect(profile.tools).toBe(true);
    });
  });

  describe(`${provider.id}: endpoint`, () => {
    it('keeps secrets out of the address', async () => {
      const running = await provider.start?.(settings);
      try {
        const { url, headers } = running?.endpoint ?? provider.endpoint(settings);
        expect(new URL(url).protocol).toMatch(/^wss?:$/);
        const { username, password } = new URL(url);
        expect(username + password).toBe('');
        const sent = Object.values(headers).flatMap((value) => value.split(' '));
        const keys = provider.keyVariables.map((name) => settings.env[name] ?? '');
        for (const secret of [...sent, ...keys].filter((value) => value.length > 6)) {
          expect(decodeURIComponent(url)).not.toContain(secret);
        }
      } finally {
        await running?.stop();
      }
    });

    const [key] = provider.keyVariables;
    if (key !== undefined) {
      it('asks for a missing key by name', () => {
        const error = thrown(() => provider.endpoint({ model: settings.model, env: {} }));
        expect(error).toBeInstanceOf(VoxtermError);
        expect(error).toMatchObject({ exitCode: 3, message: expect.stringContaining(key) });
      });
    }
  });

  describe(`${provider.id}: frames we send`, () => {
    it('are readable for every command, and the codec gets its own state per connection', () => {
      const rounds = [1, 2].map(() => {
        const codec = provider.codec(settings);
        return [...codec.open(), ...commands.flatMap((command) => codec.encode(command))].map(readable);
      });
      expect(rounds[0]).toEqual(rounds[1]);
    });
  });

  describe(`${provider.id}: frames we get`, () => {
    it.each(scenes.map((scene) => ({ ...scene, title: `${scene.name}: ${scene.description}` })))(
      '$title',
      ({ steps }) => {
        const codec = provider.codec(settings);
        for (const { frame, events } of steps) {
          expect(codec.decode(JSON.stringify(frame)).map(written)).toEqual(events);
        }
      },
    );

    it('may end anywhere', () => {
      for (const { steps } of scenes) {
        const codec = provider.codec(settings);
        for (const { frame } of steps) {
          const text = JSON.stringify(frame);
          for (let end = 0; end < text.length; end += 7) {
            expect(codec.decode(text.slice(0, end))).toMatchObject([{ type: 'error', source: 'protocol' }]);
          }
        }
      }
    });

    it('may lack or twist any field', () => {
      const twists = [undefined, null, 7, -1.5, '', 'odd', true, [], {}, [[]], { id: {} }];
      for (const { frame } of scenes.flatMap(({ steps }: Scene) => steps)) {
        const codec = provider.codec(settings);
        for (const path of paths(frame)) {
          for (const twist of twists) {
            const events = codec.decode(JSON.stringify(replaced(frame, path, twist)));
            expectKnown(events);
          }
        }
      }
    });

    it('may be anything at all', () => {
      const codec = provider.codec(settings);
      const types = scenes.flatMap(({ steps }) => steps.map(({ frame }) => frame.type));
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
        fc.property(frame, (value) => expectKnown(codec.decode(value))),
        { numRuns: 2000 },
      );
    });
  });
}

function thrown(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

function readable(frame: Frame): unknown {
  const text = typeof frame === 'string' ? frame : new TextDecoder('utf-8', { fatal: true }).decode(frame);
  const value: unknown = JSON.parse(text);
  expect(value).toBeTypeOf('object');
  expect(value).not.toBeNull();
  return value;
}

function expectKnown(events: readonly ModelEvent[]): void {
  expect(Array.isArray(events)).toBe(true);
  for (const event of events) {
    if (!eventNames.has(event.type)) throw new Error(`unknown event type ${event.type}`);
    if (event.type === 'audio.delta') expect(event.audio.length % 2).toBe(0);
  }
}

type Path = readonly (string | number)[];

/** Every place inside a value. */
function paths(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, inner]) => paths(inner, [...at, key]))];
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by ?? null;
  if (Array.isArray(value))
    return value.map((inner, i) => (String(i) === key ? replaced(inner, rest, by) : inner));
  const fields = Object.entries(Object(value)).map(([name, inner]) => {
    return [name, name === key ? (rest.length === 0 ? by : replaced(inner, rest, by)) : inner];
  });
  return Object.fromEntries(fields);
}
