import { expect } from 'vitest';
import {
  connect,
  defineAgent,
  defineTool,
  handoff,
  type OutputGuardrail,
  PlaybackTracker,
  type Tool,
} from '../../../src/index.js';
import { ScriptedServer } from '../../session/scripted-server.js';
import type { KeyOf } from './keys.js';
import type { Row } from './rows.js';
import { withStandIn } from './stand-in.js';
import { talk } from './talk.js';
import { providers } from './verdict.js';

const password: OutputGuardrail = { name: 'no password', check: ({ text }) => text.includes('password') };
const long = 'One two three four five six seven eight nine ten. '.repeat(6).trim();

function slow(name: string, ms: number): Tool {
  return defineTool({
    name,
    description: name,
    execute: async () => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      return name;
    },
  });
}

/** In which order two calls of one answer end. */
async function endings(asyncTools: boolean | undefined): Promise<readonly string[]> {
  const order: string[] = [];
  const tools = [slow('first', 120), slow('second', 1)];
  const turn = { tools: [{ name: 'first' }, { name: 'second' }], said: 'Done.' };
  await talk(
    { tools, ...(asyncTools !== undefined && { asyncTools }) },
    [turn],
    async ({ session, event }) => {
      session.on('tool.finished', ({ name }) => order.push(name));
      await session.sendMessage('go');
      await event('tool.finished', ({ name }) => name === 'first');
      await event('tool.finished', ({ name }) => name === 'second');
    },
  );
  return order;
}

async function checks(debounceCharacters: number | undefined): Promise<number> {
  const seen: string[] = [];
  const watch: OutputGuardrail = { name: 'watch', check: ({ text }) => void seen.push(text) };
  const guardrails = debounceCharacters === undefined ? {} : { guardrails: { debounceCharacters } };
  await talk({ outputGuardrails: [watch], ...guardrails }, [{ said: long }], async ({ session, event }) => {
    await session.sendMessage('go');
    await event('response.done');
    await expect.poll(() => seen.at(-1)).toBe(long);
  });
  return seen.length;
}

export const runConfig = {
  model_settings: {
    ours: '`settings`',
    check: () =>
      talk({ settings: { speed: 1.3 } }, [], async ({ wire }) => {
        expect(wire.join('\n')).toMatch(/→.*session\.update.*"speed":1\.3/);
      }),
  },
  output_guardrails: {
    ours: '`outputGuardrails`, of the session and of each agent',
    note: 'Both apply. A guardrail that throws is skipped with a warning.',
    check: () =>
      talk(
        { outputGuardrails: [password] },
        [{ said: 'The password is swordfish.' }],
        async ({ session, event }) => {
          await session.sendMessage('tell me');
          expect(await event('guardrail.tripped')).toMatchObject({ guardrail: 'no password' });
        },
      ),
  },
  guardrails_settings: {
    ours: '`guardrails`',
    check: async () => expect(await checks(25)).toBeGreaterThan(await checks(10_000)),
  },
  tracing_disabled: {
    ours: '`settings.tracing`: leave it out, or `"off"`',
    note: 'voxterm’s own traces (OpenTelemetry, `--trace`) are separate: they are off by default.',
    check: async () => {
      const lines = async (settings: object): Promise<string> => {
        let sent = '';
        await withStandIn({ settings }, ({ server }) => {
          sent = server.received[0] ?? '';
        });
        return sent;
      };
      expect(await lines({ tracing: 'off' })).toContain('"tracing":null');
      expect(await lines({ tracing: 'auto' })).toContain('"tracing":"auto"');
      expect(await lines({})).not.toContain('tracing');
    },
  },
  async_tool_calls: {
    ours: '`asyncTools`',
    note: 'Sound never waits for a tool with either value.',
    check: async () => {
      expect(await endings(undefined)).toEqual(['second', 'first']);
      expect(await endings(false)).toEqual(['first', 'second']);
    },
  },
  tool_execution: {
    ours: '`inputGuardrails`, of the session and of each tool',
    note: 'They always run before the user is asked for permission.',
    check: () => {
      const pay = defineTool({ name: 'pay', description: 'Pays', approval: 'ask', execute: () => 'paid' });
      const inputGuardrails = [{ name: 'no money', check: () => 'Payments are closed.' }];
      return talk(
        { tools: [pay], inputGuardrails },
        [{ tool: { name: 'pay' }, said: 'I cannot.' }],
        async ({ session, event, events, wire }) => {
          await session.sendMessage('pay');
          expect(await event('guardrail.tripped')).toMatchObject({ guardrail: 'no money' });
          await event('response.done', ({ status }) => status === 'completed');
          expect(events.map(({ type }) => type)).not.toContain('tool.approval.required');
          await expect.poll(() => wire.join('\n')).toContain('Payments are closed.');
        },
      );
    },
  },
  tool_error_formatter: {
    ours: '`toolErrorFormatter`',
    check: () => {
      const broken = defineTool({
        name: 'broken',
        description: 'Fails',
        execute: () => {
          throw new Error('no wires');
        },
      });
      const toolErrorFormatter = ({ toolName }: { toolName: string }) => `Say sorry for ${toolName}.`;
      return talk(
        { tools: [broken], toolErrorFormatter },
        [{ tool: { name: 'broken' }, said: 'Sorry.' }],
        async ({ session, event, wire }) => {
          await session.sendMessage('go');
          expect(await event('tool.failed')).toMatchObject({ message: 'no wires' });
          await expect.poll(() => wire.join('\n')).toContain('Say sorry for broken.');
        },
      );
    },
  },
} satisfies Record<KeyOf<'runConfig'>, Row>;

export const guardrails = {
  debounce_text_length: {
    ours: '`guardrails.debounceCharacters`, or per guardrail',
    note: 'Default 100 in both. Guardrails run once more at the end of every item, so that short answers are checked, too.',
    check: async () => {
      expect(await checks(10_000)).toBe(1);
      expect(await checks(undefined)).toBeGreaterThanOrEqual(long.length / 100);
    },
  },
} satisfies Record<KeyOf<'guardrails'>, Row>;

function format(side: 'input' | 'output') {
  return async (): Promise<void> => {
    const options = side === 'input' ? { inputFormat: 'pcma' } : { outputFormat: 'pcmu' };
    const word = side === 'input' ? 'audio/pcma' : 'audio/pcmu';
    await withStandIn({ providerOptions: options as object }, ({ session, server }) => {
      expect(session.profile[`${side}RateHz`]).toBe(8000);
      expect(server.received[0]).toContain(`"${side}":{"format":{"type":"${word}"}`);
    });
    // Elsewhere it is refused, not lost.
    for (const { provider } of providers.filter(({ provider: { id } }) => id === 'gemini')) {
      const refused = connect({ provider, env: { GEMINI_API_KEY: 'k' }, providerOptions: options as object });
      await expect(refused).rejects.toMatchObject({ code: 'options.unknown', exitCode: 3 });
    }
  };
}

export const formats = {
  model_name: {
    ours: '`model`',
    note: 'All providers.',
    check: () => {
      for (const { provider } of providers.filter(({ provider: { id } }) => id !== 'local')) {
        const env = Object.fromEntries(
          [...provider.keyVariables, 'YANDEX_FOLDER_ID'].map((name) => [name, 'k']),
        );
        const connection = { model: 'my-model-7', env, options: { resource: 'desk' } };
        const { url } = provider.endpoint(connection);
        const opening = provider.codec(connection).encode({ type: 'session.update', settings: {} });
        expect(`${decodeURIComponent(url)} ${opening.join(' ')}`, provider.id).toContain('my-model-7');
      }
    },
  },
  audio: {
    ours: '`settings.turnDetection`, `.transcription`, `.noiseReduction`, `.speed`, `voice`, and the formats below',
    note: 'Flat here: the codec of each provider knows where they belong.',
    check: () =>
      withStandIn(
        { voice: 'cedar', settings: { noiseReduction: 'near', turnDetection: { type: 'semantic' } } },
        ({ server }) => {
          expect(JSON.parse(server.received[0] ?? '').session.audio).toMatchObject({
            input: { noise_reduction: { type: 'near_field' }, turn_detection: { type: 'semantic_vad' } },
            output: { voice: 'cedar' },
          });
        },
      ),
  },
  input_audio_format: {
    ours: '`providerOptions.inputFormat`: `"pcm16"`, `"pcmu"` or `"pcma"`',
    note: 'openai, azure, xai, local; others refuse it. Your side stays PCM16, at `session.profile.inputRateHz`.',
    check: format('input'),
  },
  output_audio_format: {
    ours: '`providerOptions.outputFormat`',
    note: 'The same.',
    check: format('output'),
  },
  input_audio_transcription: {
    ours: '`settings.transcription`',
    check: () =>
      withStandIn({ settings: { transcription: { model: 'whisper-1' } } }, ({ server }) => {
        expect(server.received[0]).toContain('"transcription":{"model":"whisper-1"}');
      }),
  },
  turn_detection: {
    ours: '`settings.turnDetection`',
    note: 'None (`null`) is `{ "type": "none" }`.',
    check: () =>
      withStandIn({ settings: { turnDetection: { type: 'none' } } }, ({ server }) => {
        expect(server.received[0]).toContain('"turn_detection":null');
      }),
  },
  handoffs: {
    ours: '`handoffs`, of the agent or of the session',
    check: () => {
      const billing = defineAgent({ name: 'billing' });
      const agent = defineAgent({ name: 'desk', handoffs: [handoff(billing)] });
      return withStandIn({ agent }, ({ server }) => {
        expect(server.received[0]).toContain('"name":"transfer_to_billing"');
      });
    },
  },
} satisfies Record<
  Extract<
    KeyOf<'modelSettings'>,
    | 'model_name'
    | 'audio'
    | 'input_audio_format'
    | 'output_audio_format'
    | 'input_audio_transcription'
    | 'turn_detection'
    | 'handoffs'
  >,
  Row
>;

export const modelConfig = {
  api_key: {
    ours: '`apiKey`, a text or a function',
    note: 'A function is called before every connection, including later ones.',
    check: () =>
      withStandIn({ apiKey: async () => 'sk-asked-for' }, ({ server }) => {
        expect(server.upgrades[0]?.headers.authorization).toBe('Bearer sk-asked-for');
      }),
  },
  url: {
    ours: '`url`',
    check: () =>
      withStandIn({}, ({ server }) => {
        expect(server.upgrades[0]?.url).toContain('/v1/realtime?model=');
      }),
  },
  headers: {
    ours: '`headers`',
    note:
      'Added to voxterm’s own; the same name replaces one of them. On openai and azure, a header that identifies you (`Authorization`, `api-key`, ' +
      '`x-api-key`) replaces the key.',
    check: () =>
      withStandIn({ headers: { 'api-key': 'of-azure' } }, ({ server }) => {
        expect(server.upgrades[0]?.headers).toMatchObject({ 'api-key': 'of-azure' });
        expect(server.upgrades[0]?.headers.authorization).toBeUndefined();
      }),
  },
  initial_model_settings: {
    ours: '`settings`',
    check: () =>
      withStandIn({ settings: { maxOutputTokens: 77 } }, ({ server }) => {
        expect(server.received[0]).toContain('"max_output_tokens":77');
      }),
  },
  playback_tracker: {
    ours: '`sound`: a `PlaybackTracker`',
    note:
      'Without one, `sound: "virtual"` counts samples as a speaker would play them, and `"devices"` counts what the device has ' +
      'played; neither uses the wall clock.',
    check: () => {
      const sound = new PlaybackTracker();
      return talk({ sound }, [{ said: long }], async ({ session, event }) => {
        await session.sendMessage('go');
        const { itemId, contentIndex } = await event('assistant.audio.done');
        sound.played(itemId, contentIndex, 140);
        session.interrupt();
        expect(await event('playback.cleared')).toMatchObject({ itemId, heardMs: 140 });
      });
    },
  },
  call_id: {
    ours: '`voxterm attach CALL_ID`',
    note: 'OpenAI. voxterm sends no model, the audio stays with the call, and a hang-up ends the session.',
    check: () => {
      const openai = providers.find(({ provider }) => provider.id === 'openai')?.provider;
      const connection = { model: 'm', env: { OPENAI_API_KEY: 'k' }, callId: 'rtc_1' };
      const url = new URL(openai?.endpoint(connection).url ?? '');
      expect(url.searchParams.get('call_id')).toBe('rtc_1');
      expect(url.searchParams.has('model')).toBe(false);
      expect(openai?.callProfile?.('m').mediaElsewhere).toBe(true);
      expect(providers.filter(({ provider }) => provider.callProfile !== undefined)).toHaveLength(1);
    },
  },
  'transport.ping_interval': {
    ours: '`transport.pingEveryS`; null for none',
    check: () =>
      withStandIn({ transport: { pingEveryS: 0.02 } }, async ({ sockets }) => {
        let pings = 0;
        sockets[0]?.on('ping', () => {
          pings += 1;
        });
        await expect.poll(() => pings).toBeGreaterThan(2);
      }),
  },
  'transport.ping_timeout': {
    ours: '`transport.pingTimeoutS`',
    check: () =>
      withStandIn({ transport: { pingEveryS: 0.05, pingTimeoutS: 0.1 } }, async ({ session, sockets }) => {
        sockets[0]?.pause();
        expect((await session.ended).message).toBe('The server has not answered for 0.1 seconds.');
      }),
  },
  'transport.handshake_timeout': {
    ours: '`transport.handshakeTimeoutMs`',
    check: async () => {
      const server = await ScriptedServer.start({ onUpgrade: () => {} });
      try {
        const begunMs = performance.now();
        const session = connect({
          provider: 'openai',
          url: server.url,
          env: { OPENAI_API_KEY: 'k' },
          transport: { handshakeTimeoutMs: 60 },
        });
        await expect(session).rejects.toMatchObject({ exitCode: 6 });
        expect(performance.now() - begunMs).toBeLessThan(5000);
      } finally {
        await server.stop();
      }
    },
  },
  'transport.max_size': {
    ours: '`transport.maxMessageBytes`',
    note: 'Default 64 MiB.',
    check: () =>
      withStandIn({ transport: { maxMessageBytes: 2000 } }, async ({ session, sockets }) => {
        sockets[0]?.send('x'.repeat(3000));
        expect((await session.ended).message).toBe('The server sent a message above 2000 bytes.');
      }),
  },
} satisfies Record<KeyOf<'modelConfig'>, Row>;
