import { describe, expect, it } from 'vitest';
import { openai } from '../../src/providers/openai/provider.js';
import type { Codec, Provider } from '../../src/providers/provider.js';
import type { RecordedSession } from '../../src/testing/contract/recorded-session.js';
import { providerContract } from '../../src/testing/provider-contract.js';
import { CollectedTests } from './collected-tests.js';

const session = { id: 'sess_1' };
const sessions: RecordedSession[] = [
  {
    name: 'a call',
    steps: [
      {
        frame: { type: 'session.created', event_id: 'e1', session },
        events: [{ type: 'session.created', sessionId: 'sess_1' }],
      },
      { frame: { type: 'session.updated', event_id: 'e2', session }, events: [{ type: 'session.updated' }] },
      { frame: JSON.stringify({ type: 'response.created', event_id: 'e3', response: { id: 'resp_1' } }) },
      {
        frame: {
          type: 'input_audio_buffer.speech_started',
          event_id: 'e4',
          item_id: 'item_1',
          audio_start_ms: 80,
        },
        events: [{ type: 'speech.started', itemId: 'item_1', audioStartMs: 80 }],
      },
    ],
  },
];

async function failures(provider: Provider, more: { seed?: number } = {}): Promise<Map<string, string>> {
  const tests = new CollectedTests();
  const { describe, it } = tests;
  providerContract(provider, { describe, it, expect, sessions, runs: 400, ...more });
  const verdicts = await tests.run();
  expect(verdicts.length).toBeGreaterThan(20);
  return new Map(
    verdicts.flatMap(({ test, error }) => (error === undefined ? [] : [[test, String(error)] as const])),
  );
}

/** The same provider with something else about its codec. */
function withCodec(change: (codec: Codec) => Partial<Codec>): Provider {
  return {
    ...openai,
    codec: (connection) => {
      const codec = openai.codec(connection);
      const sound: Codec = {
        open: () => codec.open(),
        encode: (command) => codec.encode(command),
        decode: (frame) => codec.decode(frame),
      };
      return { ...sound, ...change(codec) };
    },
  };
}

function withProfile(change: object): Provider {
  return { ...openai, profile: (model, options) => ({ ...openai.profile(model, options), ...change }) };
}

function withEndpoint(change: (endpoint: ReturnType<Provider['endpoint']>) => object): Provider {
  return {
    ...openai,
    endpoint: (connection) => {
      const endpoint = openai.endpoint(connection);
      return { ...endpoint, ...change(endpoint) };
    },
  };
}

/** What the type does not allow, as a provider in JavaScript would have it. */
function untyped<Value>(value: unknown): Value {
  return value as Value;
}

let shared = 0;

/** What is wrong with a provider, the test that has to find it, and what that says. */
const faults: readonly (readonly [string, Provider, string, RegExp])[] = [
  [
    'a date in the profile',
    withProfile({ sessionLimitS: untyped(new Date(0)) }),
    'profile > is plain data',
    /equal/,
  ],
  [
    'a field that is missing',
    withProfile({ tools: undefined }),
    'profile > is complete',
    /profile\.tools must be a boolean/,
  ],
  [
    'a rate that no device has',
    withProfile({ inputRateHz: 96_000 }),
    'profile > is complete',
    /inputRateHz must be a whole/,
  ],
  [
    'a field that does not exist',
    withProfile({ toolz: true }),
    'profile > is complete',
    /profile\.toolz is not a known/,
  ],
  [
    'a contradiction',
    withProfile({ deletesItems: false }),
    'profile > is complete',
    /truncation "explicit" needs/,
  ],
  ['the name of another model', withProfile({ model: 'other' }), 'profile > names provider', /equal/],
  [
    'a profile of calls without rates',
    { ...openai, callProfile: (model) => ({ ...openai.profile(model), outputRateHz: Number.NaN }) },
    'profile > of a telephone call',
    /outputRateHz/,
  ],
  [
    'a key in the address',
    withEndpoint(({ url }) => ({ url: `${url}&key=contract-key-0123456789` })),
    'connection > goes to a WebSocket',
    /holds a secret/,
  ],
  [
    'another protocol',
    withEndpoint(() => ({ url: 'https://example.org' })),
    'connection > goes to a WebSocket',
    /wss:/,
  ],
  [
    'an address of its own each time',
    withEndpoint(({ url }) => ({ url: `${url}&n=${shared++}` })),
    'connection > goes to the same',
    /equal/,
  ],
  [
    'silence about a missing key',
    { ...openai, endpoint: () => openai.endpoint({ model: 'm', env: { OPENAI_API_KEY: 'k' } }) },
    'connection > asks for a missing key',
    /must throw a VoxtermError/,
  ],
  [
    'notes without a code',
    { ...openai, notes: () => [untyped({ message: 'Hm.' })] },
    'connection > has notes',
    /notes\[0\]\.code must be a string/,
  ],
  [
    'a command that throws',
    withCodec((codec) => ({
      encode: (command) => {
        if (command.type === 'item.delete') throw new Error('not here');
        return codec.encode(command);
      },
    })),
    'frames we send > are readable',
    /not here/,
  ],
  [
    'frames that are not JSON',
    withCodec(() => ({ encode: () => ['hello'] })),
    'frames we send > are readable',
    /JSON/,
  ],
  [
    'frames that are objects',
    withCodec(() => ({ encode: () => [untyped({ type: 'x' })] })),
    'frames we send > are readable',
    /must become strings or Uint8Arrays/,
  ],
  [
    'ids shared by all connections',
    withCodec(() => ({ encode: () => [JSON.stringify({ id: shared++ })] })),
    'frames we send > are readable',
    /equal/,
  ],
  [
    'samples that are changed in place',
    withCodec((codec) => ({
      encode: (command) => {
        if (command.type === 'audio.append') command.audio[0] = shared++ % 256;
        return codec.encode(command);
      },
    })),
    'frames we send > leave the commands',
    /equal/,
  ],
  [
    'sound that is not sent',
    withCodec((codec) => ({
      encode: (command) => (command.type.startsWith('audio.append') ? [] : codec.encode(command)),
    })),
    'frames we send > carry sound',
    /No frame for audio\.append/,
  ],
  [
    'a keep-alive without frames',
    withProfile({ keepAliveS: 30 }),
    'frames we send > keep an idle',
    /keepAlive/,
  ],
  [
    'other events than recorded',
    withCodec((codec) => ({
      decode: (frame) => codec.decode(frame).filter(({ type }) => type !== 'speech.started'),
    })),
    'frames we get > a call',
    /equal/,
  ],
  [
    'an exception for broken JSON',
    withCodec((codec) => ({
      decode: (frame) => {
        JSON.parse(String(frame));
        return codec.decode(frame);
      },
    })),
    'frames we get > may end anywhere',
    /`decode` must not throw, for .*: SyntaxError/,
  ],
  [
    'silence about broken JSON',
    withCodec((codec) => ({ decode: (frame) => codec.decode(frame).filter(({ type }) => type !== 'error') })),
    'frames we get > that are not messages',
    /equal/,
  ],
  [
    'an exception for a field of another type',
    withCodec((codec) => ({
      decode: (frame) => {
        const text = String(frame);
        if (text.includes('"audio_start_ms":"odd"')) throw new Error('odd');
        return codec.decode(frame);
      },
    })),
    'frames we get > may lack or twist',
    /odd/,
  ],
  [
    'events that do not exist',
    withCodec(() => ({ decode: () => [untyped({ type: 'speech.begun' })] })),
    'frames we get > a call',
    /must be an event/,
  ],
  [
    'half a sample',
    withCodec(() => ({
      decode: () => [
        { type: 'audio.delta', responseId: 'r', itemId: 'i', contentIndex: 0, audio: new Uint8Array(3) },
      ],
    })),
    'frames we get > a call',
    /audio\.delta\.audio must be .* not 3 bytes/,
  ],
  [
    'errors for what it does not know',
    withCodec((codec) => ({
      decode: (frame) =>
        codec
          .decode(frame)
          .map((event) =>
            event.type === 'other'
              ? { type: 'error', code: 'unknown', message: event.name, fatal: false, source: 'provider' }
              : event,
          ),
    })),
    'frames we get > that are unknown',
    /equal/,
  ],
  [
    'events that depend on other connections',
    withCodec((codec) => ({
      decode: (frame) =>
        codec
          .decode(frame)
          .map((event) =>
            event.type === 'response.created' ? { ...event, responseId: `r${shared++}` } : event,
          ),
    })),
    'frames we get > and commands in any order',
    /equal/,
  ],
  [
    'close codes with another cause',
    { ...openai, explainClose: () => untyped({ fatal: true, cause: 'bad', message: 'No.' }) },
    'refusals and endings > explainClose',
    /explainClose\.cause must be .* not "bad", for 1000 and "" \(seed 1\)/,
  ],
  [
    'refusals that must be JSON',
    {
      ...openai,
      explainRefusal: (_status, body) => ({ fatal: true, cause: 'refused', message: JSON.parse(body).m }),
    },
    'refusals and endings > explainRefusal',
    /JSON/,
  ],
  [
    'memory of every id',
    withCodec((codec) => {
      const kept: unknown[] = [];
      return {
        decode: (frame) => {
          const events = codec.decode(frame);
          kept.push(...events);
          return events;
        },
      };
    }),
    'memory > does not grow',
    /3000 frames, each with ids of its own, left \d{7,} bytes/,
  ],
];

describe('providerContract', () => {
  it('passes a provider that keeps it', async () => {
    expect(await failures(openai)).toEqual(new Map());
  });

  it('can do without recorded sessions', async () => {
    const tests = new CollectedTests();
    providerContract(openai, { describe: tests.describe, it: tests.it, expect, runs: 50 });
    const verdicts = await tests.run();
    expect(verdicts.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(verdicts.map(({ test }) => test)).toContain('openai: frames we get > may be anything at all');
  });

  it.each(faults)('finds %s', async (_fault, provider, test, words) => {
    const found = await failures(provider);
    const [, error] = [...found].find(([name]) => name.includes(test)) ?? [];
    expect(error).toMatch(words);
  });

  it('names the seed and the run of a random frame that is too much', async () => {
    const picky = withCodec((codec) => ({
      decode: (frame) => {
        if (typeof frame !== 'string') throw new Error('no bytes');
        return codec.decode(frame);
      },
    }));
    const found = await failures(picky, { seed: 7 });
    expect([...found.keys()]).toEqual([
      'openai: frames we get > may be anything at all',
      'openai: frames we get > and commands in any order give the same every time, whatever other connections do',
    ]);
    for (const words of found.values()) expect(words).toMatch(/no bytes \(seed 7, run \d+\)/);
    expect(await failures(picky, { seed: 7 })).toEqual(found);
  });
});
