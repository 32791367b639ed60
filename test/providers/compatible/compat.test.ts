import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VoxtermError } from '../../../src/contract/failure.js';
import type { SessionSettings } from '../../../src/contract/settings.js';
import { createCompatibleCodec } from '../../../src/providers/compatible/codec.js';
import { resolveCompat } from '../../../src/providers/compatible/compat.js';
import { type CompatOptions, compatPresets } from '../../../src/providers/compatible/compat-options.js';
import { openaiProfile } from '../../../src/providers/openai/models.js';
import { openai } from '../../../src/providers/openai/provider.js';
import { sampleCommands } from '../../../src/testing/contract/sample-commands.js';
import { loadSessions } from '../contract/golden-frames.js';

const reference = openaiProfile('openai', 'm');

function resolved(options: CompatOptions) {
  return resolveCompat(options, reference, 'their-model');
}

function sessionOf(options: CompatOptions, settings: SessionSettings): Record<string, unknown> {
  const codec = createCompatibleCodec(resolved(options).switches);
  const [frame] = codec.encode({ type: 'session.update', settings });
  return JSON.parse(String(frame)).session;
}

function refusal(options: CompatOptions): VoxtermError {
  try {
    resolved(options);
  } catch (error) {
    if (error instanceof VoxtermError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

const asked: SessionSettings = {
  instructions: 'Be brief.',
  voice: 'v',
  modality: 'audio',
  turnDetection: { type: 'server', threshold: 0.6, prefixPaddingMs: 200 },
  transcription: { language: 'de' },
  tools: [{ name: 'f', description: 'F', parameters: { type: 'object' } }],
  toolChoice: { name: 'f' },
  maxOutputTokens: 100,
  temperature: 0.7,
  noiseReduction: 'near',
};

const flatTool = { type: 'function', name: 'f', description: 'F', parameters: { type: 'object' } };

describe('presets', () => {
  it('speaches: beta names, no formats, no padding, a nested choice of a flat tool', () => {
    expect(sessionOf({ preset: 'speaches' }, asked)).toEqual({
      instructions: 'Be brief.',
      voice: 'v',
      modalities: ['text', 'audio'],
      turn_detection: {
        type: 'server_vad',
        threshold: 0.6,
        create_response: true,
        interrupt_response: true,
      },
      tools: [flatTool],
      tool_choice: { type: 'function', function: { name: 'f' } },
      max_response_output_tokens: 100,
      temperature: 0.7,
    });
  });

  it('localai: no transcription model of OpenAI, and an explicit silence', () => {
    const session = sessionOf({ preset: 'localai' }, asked);
    expect(session).toMatchObject({
      type: 'realtime',
      audio: { input: { turn_detection: { silence_duration_ms: 500 } } },
    });
    expect(JSON.stringify(session)).not.toContain('transcription');
    expect(
      sessionOf({ preset: 'localai' }, { turnDetection: { type: 'server', silenceMs: 300 } }),
    ).toMatchObject({ audio: { input: { turn_detection: { silence_duration_ms: 300 } } } });
  });

  it('vllm-omni and inworld: the model inside the session', () => {
    expect(sessionOf({ preset: 'vllm-omni' }, asked)).toMatchObject({
      model: 'their-model',
      audio: { input: { format: { type: 'audio/pcm', rate: 16_000 } } },
    });
    expect(sessionOf({ preset: 'inworld' }, asked)).toMatchObject({
      model: 'their-model',
      output_modalities: ['audio', 'text'],
      temperature: 0.7,
    });
    const unnamed = createCompatibleCodec(resolveCompat({ preset: 'inworld' }, reference).switches);
    const [frame] = unnamed.encode({ type: 'session.update', settings: {} });
    expect(JSON.parse(String(frame)).session).not.toHaveProperty('model');
  });

  it('inworld: a new session for every connection', () => {
    const env = { INWORLD_KEY: 'a2V5OnNlY3JldA==' };
    const connect = () => {
      const { url, headers } = openai.endpoint({
        model: 'm',
        env,
        url: 'wss://api.inworld.ai/api/v1/realtime/session',
        options: {
          compat: { preset: 'inworld' },
          headers: { Authorization: ['Basic $', '{INWORLD_KEY}'].join('') },
        },
      });
      expect(headers).toEqual({ Authorization: 'Basic a2V5OnNlY3JldA==' });
      const { pathname, searchParams } = new URL(url);
      expect(pathname).toBe('/api/v1/realtime/session');
      expect(searchParams.get('protocol')).toBe('realtime');
      return searchParams.get('key');
    };
    expect(connect()).not.toBe(connect());
  });

  it('glm: its own names for formats and turns, and turn detection in every update', () => {
    const codec = createCompatibleCodec(resolved({ preset: 'glm' }).switches);
    const update = (settings: SessionSettings) => {
      return JSON.parse(String(codec.encode({ type: 'session.update', settings })[0])).session;
    };
    expect(update({ turnDetection: { type: 'server' } })).toEqual({
      model: 'their-model',
      input_audio_format: 'pcm16',
      output_audio_format: 'pcm',
      turn_detection: { type: 'server_vad' },
      beta_fields: { chat_mode: 'audio', tts_source: 'e2e' },
    });
    expect(update({ tools: [] })).toMatchObject({ turn_detection: { type: 'server_vad' }, tools: [] });
    expect(update({ turnDetection: { type: 'none' } })).toMatchObject({
      turn_detection: { type: 'client_vad' },
    });
  });

  it('distinguish errors that end a session', () => {
    const codec = createCompatibleCodec(resolved({ preset: 'speech-to-speech' }).switches);
    const error = (code: string) =>
      codec.decode(JSON.stringify({ type: 'error', error: { code, message: 'No.' } }));
    expect(error('session_limit_reached')).toMatchObject([{ fatal: true, hint: expect.any(String) }]);
    expect(error('unknown_or_invalid_event')).toMatchObject([{ fatal: false }]);
  });

  it.each(compatPresets)(
    '%s claims no images, no voices of OpenAI, and only settings that are sent',
    (preset) => {
      const { profile, switches } = resolved({ preset });
      expect(profile).toMatchObject({
        images: null,
        voices: [],
        settings: switches.settings,
        serverTools: [],
      });
      expect(profile.inputRateHz).toBe(switches.inputRateHz);
      expect(JSON.parse(JSON.stringify(profile))).toEqual(profile);
    },
  );
});

describe('single options', () => {
  it('are laid over the preset, on the wire and in the profile', () => {
    const { switches, profile } = resolved({
      preset: 'stepfun',
      outputRateHz: 16_000,
      toolNesting: 'nested',
      truncation: 'server',
      pingEveryS: null,
      images: true,
    });
    expect(switches).toMatchObject({ outputRateHz: 16_000, toolNesting: 'nested', shape: 'flat' });
    expect(profile).toMatchObject({ outputRateHz: 16_000, truncation: 'server', pingEveryS: null });
    expect(profile.images).toEqual(reference.images);
  });

  it('appear in the profile of the provider', () => {
    const profile = openai.profile('m', { compat: { tools: false, turns: 'none', sessionLimitS: 60 } });
    expect(profile).toMatchObject({
      provider: 'openai',
      tools: false,
      parallelTools: false,
      turns: 'none',
      interruptsItself: false,
      sessionLimitS: 60,
    });
  });

  it('imply each other', () => {
    expect(resolved({ repeatsTranscripts: true }).profile.userTranscripts).toBe('replace');
    expect(resolved({ dialect: 'beta' }).profile).toMatchObject({ images: null, serverTools: [] });
    expect(resolved({}).switches).toMatchObject({ shape: 'nested', sessionType: true });
  });

  it('keep a connection alive with whole samples', () => {
    const codec = createCompatibleCodec(resolved({ keepAliveS: 30, inputRateHz: 11_025 }).switches);
    const { audio } = JSON.parse(String(codec.keepAlive?.()[0]));
    expect(Buffer.from(audio, 'base64').length % 2).toBe(0);
  });

  it('keep a connection alive with silence', () => {
    const codec = createCompatibleCodec(resolved({ keepAliveS: 30 }).switches);
    const [frame] = codec.keepAlive?.() ?? [];
    const { type, audio } = JSON.parse(String(frame));
    expect(type).toBe('input_audio_buffer.append');
    expect(Buffer.from(audio, 'base64')).toEqual(Buffer.alloc(4800));
    expect(createCompatibleCodec(resolved({}).switches).keepAlive).toBeUndefined();
  });

  it.each<[string, CompatOptions]>([
    ['two starting points', { preset: 'glm', dialect: 'ga' }],
    ['a top level that is the only one', { shape: 'flat', atTopLevel: ['voice'] }],
    ['a fixed model without a name', { transcriptionModelFixed: true, transcriptionModel: null }],
    ['cutting without deleting', { truncation: 'explicit', deletesItems: false }],
    ['parallel tools without tools', { tools: false, parallelTools: true }],
    ['interrupting without hearing', { turns: 'none', interruptsItself: true }],
    ['repeating and appending', { repeatsTranscripts: true, userTranscripts: 'append' }],
    ['a pulse slower than death', { keepAliveS: 120, idleLimitS: 100 }],
  ])('that contradict each other are refused: %s', (_what, options) => {
    const error = refusal(options);
    expect(error).toMatchObject({ exitCode: 3, code: 'compat.contradiction' });
    expect(error.hint).toMatch(/\.$/);
  });

  it('need an address, since they describe another server than OpenAI', () => {
    const env = { OPENAI_API_KEY: 'sk-0123456789' };
    const options = { compat: { preset: 'glm' } } as const;
    expect(() => openai.endpoint({ model: 'm', env, options })).toThrow(/its address is not set/);
    expect(openai.endpoint({ model: 'm', env, options, url: 'wss://example.org' }).url).toContain('model=m');
  });
});

const anyOf = <T extends string>(...values: readonly T[]) => fc.constantFrom(...values);
const limit = fc.option(fc.integer({ min: 1, max: 300 }));
const everyOption = {
  preset: anyOf(...compatPresets),
  dialect: anyOf('ga', 'beta'),
  images: fc.boolean(),
  inputRateHz: fc.integer({ min: 8000, max: 48_000 }),
  outputRateHz: fc.integer({ min: 8000, max: 48_000 }),
  transcriptionModel: fc.option(fc.string({ minLength: 1 })),
  transcriptionModelFixed: fc.boolean(),
  shape: anyOf('nested', 'flat'),
  sessionType: fc.boolean(),
  content: anyOf('ga', 'beta'),
  atTopLevel: fc.subarray(['voice', 'turn_detection'] as const),
  semanticTurns: fc.string({ minLength: 1 }),
  turnsSayWhatFollows: fc.boolean(),
  toolNesting: anyOf('flat', 'nested'),
  maxTokensKey: anyOf('max_output_tokens', 'max_response_output_tokens', 'max_tokens'),
  responseMetadata: fc.boolean(),
  textIsSpoken: fc.boolean(),
  repeatsTranscripts: fc.boolean(),
  turns: anyOf('none', 'server', 'semantic', 'model'),
  truncation: anyOf('explicit', 'server', 'none'),
  interruptsItself: fc.boolean(),
  tools: fc.boolean(),
  parallelTools: fc.boolean(),
  typedText: fc.boolean(),
  deletesItems: fc.boolean(),
  userTranscripts: anyOf('append', 'replace', 'none'),
  cancelAnswersDone: fc.boolean(),
  createAfterTool: fc.boolean(),
  acknowledgesItems: fc.boolean(),
  sessionLimitS: limit,
  idleLimitS: limit,
  pingEveryS: limit,
  keepAliveS: limit,
  usage: anyOf('delta', 'cumulative', 'none'),
};
/** A few at a time: with many, some nearly always contradict each other. */
const anyOptions: fc.Arbitrary<CompatOptions> = fc
  .tuple(fc.record(everyOption), fc.subarray(Object.keys(everyOption), { maxLength: 6 }))
  .map(([all, names]) => Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name))));

describe('any server that can be described', () => {
  const frames = ['openai', 'beta'].flatMap((folder) => loadSessions(folder)).flatMap(({ steps }) => steps);

  it('understands our frames and is understood', () => {
    let described = 0;
    fc.assert(
      fc.property(anyOptions, (options) => {
        let differences: ReturnType<typeof resolved>;
        try {
          differences = resolved(options);
        } catch (error) {
          expect(error).toBeInstanceOf(VoxtermError);
          return;
        }
        described += 1;
        const codec = createCompatibleCodec(differences.switches);
        for (const command of sampleCommands) {
          for (const frame of codec.encode(command)) expect(typeof JSON.parse(String(frame))).toBe('object');
        }
        for (const { frame } of frames) expect(Array.isArray(codec.decode(JSON.stringify(frame)))).toBe(true);
        for (const frame of codec.keepAlive?.() ?? []) JSON.parse(String(frame));
      }),
      { numRuns: 400 },
    );
    expect(described).toBeGreaterThan(100);
  });
});
