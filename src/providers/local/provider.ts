import { randomBytes } from 'node:crypto';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { Profile } from '../../contract/profile.js';
import type { SessionSettings } from '../../contract/settings.js';
import type { Clock } from '../../simulator/core/clock.js';
import type { Scenario } from '../../simulator/scenario/scenario-schema.js';
import { localEntry } from '../catalog.js';
import { createCompatibleCodec } from '../compatible/codec.js';
import { gaAbilities } from '../compatible/ga-profile.js';
import { atRatesOf, sampleFormatsOf } from '../compatible/sample-format.js';
import { gaDialect } from '../compatible/switches.js';
import type { ConnectionSettings, Note, Provider } from '../provider.js';
import { unsupportedTranscription } from '../unsupported-transcription.js';
import type { VendorOptions } from '../vendor-options.js';

const supportedSettings: Profile['settings'] = [
  'instructions',
  'voice',
  'modality',
  'tools',
  'toolChoice',
  'turnDetection',
  'transcription',
  'speed',
  'maxOutputTokens',
];

/**
 * The built-in provider: a realtime server in this process, reached over a loopback WebSocket like any other, so that
 * everything works without a key or a network.
 */
export const local: Provider = {
  ...localEntry,
  profile,
  endpoint: () => {
    throw new VoxtermError('The built-in provider has no address until it is started.', {
      code: 'provider.not-started',
      exitCode: ExitCode.unexpected,
    });
  },
  notes,
  codec: ({ options }) => {
    const sampleFormats = sampleFormatsOf(options);
    return createCompatibleCodec(
      atRatesOf(sampleFormats, { ...gaDialect, sampleFormats, transcriptionModel: 'built-in' }),
    );
  },
  start,
};

/** With engines, a model that the user chose belongs to the thinking engine, and any voice name is possible. */
function profile(model: string, options?: VendorOptions): Profile {
  const { think, speak } = options?.engines ?? {};
  return {
    provider: localEntry.id,
    model: model === localEntry.defaultModel ? (think?.model ?? model) : model,
    ...atRatesOf(sampleFormatsOf(options), gaAbilities),
    settings: supportedSettings,
    parallelTools: true,
    serverTools: [],
    images: null,
    pingEveryS: null,
    // The system voice sounds slightly different for each voice name of the dialect.
    voices: speak === undefined ? gaAbilities.voices : [],
  };
}

/** A hearing engine takes a prompt; its model is part of the engine's configuration. */
function notes({ transcription }: SessionSettings, { options }: ConnectionSettings): readonly Note[] {
  const prompted = options?.engines?.hear === undefined ? [] : (['prompt', 'keywords'] as const);
  const ignored = unsupportedTranscription(transcription, ['language', ...prompted]);
  if (ignored.length === 0) return [];
  return [
    {
      code: 'setting.ignored',
      message: `The built-in provider ignores these transcription settings: ${ignored.join(', ')}.`,
      hint: 'What writes down your words is chosen with the engine that hears.',
      facts: { provider: localEntry.id, options: ['providerOptions.engines.hear'] },
    },
  ];
}

async function start(settings: ConnectionSettings): Promise<RunningServer> {
  if (settings.scenario === undefined) return startServer(settings);
  const { loadScenario } = await import('../../simulator/scenario/scenario-file.js');
  return startServer(settings, { scenario: await loadScenario(settings.scenario) });
}

type RunningServer = Awaited<ReturnType<NonNullable<Provider['start']>>>;

/**
 * Starts the built-in server, with a scenario instead of engines if one is given. Loads the server and the engines only
 * now, so that `--help` stays fast.
 */
export async function startServer(
  settings: ConnectionSettings,
  { scenario, clock }: { readonly scenario?: Scenario | undefined; readonly clock?: Clock | undefined } = {},
): Promise<RunningServer> {
  const { startLocalServer } = await import('../../simulator/server.js');
  const { env, language, model, options } = settings;
  const stages = scenario === undefined ? await stagesOf(settings) : undefined;
  const token = randomBytes(24).toString('base64url');
  const server = await startLocalServer({
    token,
    scenario,
    stages,
    language,
    env,
    clock,
    dialectOptions: { anyVoice: usualVoice(settings) },
  });
  return {
    endpoint: {
      url: `${server.url}?model=${encodeURIComponent(profile(model, options).model)}`,
      headers: { Authorization: `Bearer ${token}` },
      // What an engine says passes through this connection.
      secrets: engineKeys(settings),
    },
    stop: () => server.close(),
  };
}

function engineKeys({ env, options }: ConnectionSettings): string[] {
  const { hear, think, speak } = options?.engines ?? {};
  return [hear, think, speak].flatMap((engine) => env[engine?.keyVariable ?? ''] ?? []);
}

/** Stands for the default voice of the speaking engine. */
const enginesOwnVoice = 'default';

function usualVoice({ voice, options }: ConnectionSettings): { usual: string } | undefined {
  const speak = options?.engines?.speak;
  return speak && { usual: voice ?? speak.voice ?? enginesOwnVoice };
}

/** @throws VoxtermError exit 3, see {@link engineStages}. */
async function stagesOf({ env, insecure, model, voice, options }: ConnectionSettings) {
  if (options?.engines === undefined) return undefined;
  const { engineStages } = await import('../../engines/engine-stages.js');
  return engineStages(options.engines, {
    env,
    insecure,
    voice,
    model: model === localEntry.defaultModel ? undefined : model,
    isDefaultVoice: (name) => name === enginesOwnVoice || gaAbilities.voices.includes(name),
  });
}
