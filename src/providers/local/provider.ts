import { randomBytes } from 'node:crypto';
import { ExitCode } from '../../conversation/exit.js';
import { VoxtermError } from '../../conversation/failure.js';
import type { Profile } from '../../conversation/profile.js';
import { localEntry } from '../catalog.js';
import { createCompatibleCodec } from '../compatible/codec.js';
import { gaDialect } from '../compatible/switches.js';
import type { ConnectionSettings, Endpoint, Provider } from '../provider.js';

const rateHz = 24_000;

const honoured: Profile['settings'] = [
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
 * The built-in provider: a realtime server inside this program, reached over a loopback WebSocket like any other, so
 * that everything works without a key or a network.
 */
export const local: Provider = {
  ...localEntry,
  profile,
  endpoint: () => {
    throw new VoxtermError('The built-in provider has no address before it runs.', {
      code: 'provider.not-started',
      exitCode: ExitCode.unexpected,
    });
  },
  codec: () => createCompatibleCodec({ ...gaDialect, transcriptionModel: 'built-in' }),
  start,
};

function profile(model: string): Profile {
  return {
    provider: localEntry.id,
    model,
    inputRateHz: rateHz,
    outputRateHz: rateHz,
    turns: 'server',
    clientTurns: true,
    speaksFirst: 'server',
    settingsChange: 'anytime',
    settings: honoured,
    truncation: 'explicit',
    interruptsItself: true,
    tools: true,
    parallelTools: true,
    serverTools: [],
    images: null,
    typedText: true,
    deletesItems: true,
    userTranscripts: 'append',
    cancelAnswersDone: true,
    createAfterTool: true,
    acknowledgesItems: true,
    resume: 'none',
    replay: 'items',
    sessionLimitS: 3600,
    idleLimitS: null,
    pingEveryS: null,
    keepAliveS: null,
    usage: 'delta',
    voices: ['marin', 'cedar', 'alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', 'verse'],
  };
}

/** The server and its engines are loaded here, so that `--help` does not pay for them. */
async function start(settings: ConnectionSettings): Promise<{ endpoint: Endpoint; stop(): Promise<void> }> {
  const [{ startLocalServer }, { loadScenario }] = await Promise.all([
    import('./server.js'),
    import('./scenario-file.js'),
  ]);
  const scenario = settings.scenario === undefined ? undefined : await loadScenario(settings.scenario);
  const token = randomBytes(24).toString('base64url');
  const server = await startLocalServer({ token, scenario, language: settings.language, env: settings.env });
  return {
    endpoint: {
      url: `${server.url}?model=${encodeURIComponent(settings.model)}`,
      headers: { Authorization: `Bearer ${token}` },
    },
    stop: () => server.close(),
  };
}
