import { onTestFinished } from 'vitest';
import { repair } from '../../src/audio/backends/usable-backends.js';
import { deviceFailure } from '../../src/audio/devices/device-failure.js';
import { audioFailure } from '../../src/audio/files/audio-failure.js';
import { silenceNotice } from '../../src/audio/microphone/digital-silence.js';
import { openSound } from '../../src/audio/open-sound.js';
import { loadSilero } from '../../src/audio/turns/silero.js';
import type { Advisable } from '../../src/cli/advice.js';
import type { ModelEvent } from '../../src/contract/events.js';
import type { Profile } from '../../src/contract/profile.js';
import { Outbox } from '../../src/conversation/core/outbox.js';
import { Trouble } from '../../src/conversation/core/trouble.js';
import { engineAddress } from '../../src/engines/http/engine-address.js';
import { responseFailure } from '../../src/engines/http/error-response.js';
import * as library from '../../src/index.js';
import { catalog } from '../../src/providers/catalog.js';
import { findProvider } from '../../src/providers/registry.js';
import { notesFor } from '../../src/session/start/session-notes.js';
import { loadTools } from '../../src/tools/load-tools.js';
import { fullProfile } from '../conversation/support/profiles.js';
import { ScriptedServer } from '../session/scripted-server.js';

/** What a message of the library says. */
interface Message extends Advisable {
  readonly message: string;
}

/** Something that goes wrong in the library, and what only the command line adds to it. */
export interface Failure {
  readonly what: string;
  readonly provoke: () => Promise<Message>;
  readonly advice: RegExp;
}

export const failures: readonly Failure[] = [
  // Before anything is connected.
  ...catalog
    .filter(({ keyVariables }) => keyVariables.length > 0)
    .map(({ id, defaultModel }) => ({
      what: `no key for ${id}`,
      provoke: () => refusal({ provider: id, model: defaultModel || 'my-deployment' }),
      advice: /Without a key: .*--provider local/,
    })),
  {
    what: 'no key, where a server of your own may do',
    provoke: () => refusal({ provider: 'openai' }),
    advice: /Without a key: --url for a compatible server, or --provider local/,
  },
  {
    what: 'clear text over a network',
    provoke: () => refusal({ provider: 'openai', url: 'ws://example.org' }),
    advice: /\(--insecure\)/,
  },
  {
    what: 'an agent whose tools the model cannot call',
    provoke: async () => refusal({ provider: await localWith({ tools: false }), tools: [tool] }),
    advice: /"voxterm providers".*--model/,
  },
  {
    what: 'a limit of cost without prices',
    provoke: () => refusal({ limits: { maxCost: 1 } }),
    advice: /--max-turns or --max-duration/,
  },
  {
    what: 'a limit of cost where nothing is counted',
    provoke: async () => refusal({ provider: await localWith({ usage: 'none' }), limits: { maxCost: 1 } }),
    advice: /--max-turns or --max-duration/,
  },
  {
    what: 'turns that cannot be ended by hand',
    provoke: async () =>
      refusal({
        provider: await localWith({ clientTurns: false }),
        settings: { turnDetection: { type: 'none' } },
      }),
    advice: /--turns none/,
  },
  {
    what: 'a telephone call where there are none',
    provoke: () => refusal({ callId: 'rtc_1' }),
    advice: /--provider openai/,
  },
  {
    what: 'no deployment',
    provoke: () =>
      refusal({
        provider: 'azure',
        model: '',
        env: { AZURE_OPENAI_API_KEY: 'k', AZURE_OPENAI_ENDPOINT: 'x' },
      }),
    advice: /--model, providers\.azure\.model/,
  },
  {
    what: 'a built-in tool that does not exist',
    provoke: () => thrownBy(() => loadTools(['wether'])),
    advice: /--tool \.\/wether\.mjs/,
  },

  // At the server.
  {
    what: 'a server that is not there',
    provoke: () => refusal({ provider: 'openai', url: 'ws://127.0.0.1:1' }),
    advice: /\(--url\)/,
  },
  {
    what: 'a server that has nothing there',
    provoke: () => refused('404 Not Found'),
    advice: /\(--model, --url\)/,
  },
  {
    what: 'a server that sends elsewhere',
    provoke: () => refused('301 Moved Permanently'),
    advice: /\(--url\)/,
  },
  {
    what: 'a server that refuses the key',
    provoke: () => refused('401 Unauthorized'),
    advice: /\(providers\.openai\.headers\)/,
  },
  { what: 'a session closed by policy', provoke: () => closed(1008), advice: /\(--model\)/ },
  {
    what: 'a session that ends before it begins',
    provoke: () => closed(1000),
    advice: /"voxterm doctor --provider openai"/,
  },
  {
    what: 'a model that does not exist',
    provoke: () => saidAtOnce('model_not_found'),
    advice: /\(--model\)/,
  },
  {
    what: 'a key that is not accepted',
    provoke: () => saidAtOnce('invalid_api_key'),
    advice: /"voxterm config print"/,
  },

  // Told in a session.
  {
    what: 'tools that the model does not call',
    provoke: () =>
      noteOn({ tools: false }, [{ name: 'look_up', description: 'Looks it up.', parameters: {} }]),
    advice: /"voxterm providers".*--tool none/,
  },
  {
    what: 'turns that the server does not end',
    provoke: () => noteOn({ turns: 'none' }),
    advice: /--turns client/,
  },
  { what: 'an echo', provoke: () => told((trouble) => trouble.selfHearing()), advice: /--echo half-duplex/ },
  {
    what: 'a speaker that is stuck',
    provoke: () => told((trouble) => trouble.unheard()),
    advice: /"voxterm doctor"/,
  },
  { what: 'many errors', provoke: () => told(flood), advice: /--log-file/ },

  // Sound.
  {
    what: 'no microphone',
    provoke: async () => deviceFailure.none('input'),
    advice: /"voxterm devices"/,
  },
  {
    what: 'no speaker',
    provoke: async () => deviceFailure.none('output'),
    advice: /"voxterm devices"/,
  },
  {
    what: 'a device that is not there',
    provoke: async () => deviceFailure.unknown('input', 'x', []),
    advice: /"voxterm doctor"/,
  },
  {
    what: 'a device that does not open',
    provoke: async () => deviceFailure.notOpened('output', 'x', 'busy'),
    advice: /\(--output-device\)\. "voxterm devices"/,
  },
  {
    what: 'a helper that dies',
    provoke: () =>
      thrownBy(() =>
        openSound(
          { inputRateHz: 24_000, outputRateHz: 24_000, backend: 'sox', echo: 'off' },
          { helperPath: '/nowhere/helper.mjs' },
        ),
      ),
    advice: /\(--backend\)\. "voxterm doctor"/,
  },
  {
    what: 'no way to the sound hardware',
    provoke: async () => deviceFailure.noBackend('Nothing can.', repair('linux')),
    advice: /npm install -g --allow-scripts=\S+ voxterm/,
  },
  {
    what: 'a microphone that is silent',
    provoke: async () => ({ code: 'microphone.silent', ...silenceNotice('linux') }),
    advice: /"voxterm devices"/,
  },
  {
    what: 'a terminal in place of a recording',
    provoke: async () => audioFailure.terminal(),
    advice: /voxterm ask - </,
  },
  {
    what: 'a recording without a decoder',
    provoke: async () => audioFailure.decoderMissing('a.mp3', 'MP3', true),
    advice: /next to voxterm/,
  },
  {
    what: 'a turn detector that is not installed',
    provoke: () => thrownBy(() => loadSilero('/nowhere/silero.onnx')),
    advice: /--global/,
  },

  // Engines of the built-in provider.
  {
    what: 'a model that an engine does not have',
    provoke: async () => responseFailure(engine(), { status: 404, body: '{"error":"model x not found"}' }),
    advice: /"voxterm doctor"/,
  },
  {
    what: 'a request that an engine refuses',
    provoke: async () => responseFailure(engine(), { status: 422, body: '{"detail":"field required"}' }),
    advice: /"voxterm doctor"/,
  },
  {
    what: 'a key in clear text to an engine',
    provoke: () =>
      thrownBy(async () =>
        engineAddress('think', { url: 'http://example.org/v1', keyVariable: 'K' }, { env: { K: 'secret' } }),
      ),
    advice: /\(--insecure\)/,
  },
];

const tool = library.defineTool({ name: 'look_up', description: 'Looks it up.', execute: () => 'done' });

function engine() {
  return engineAddress('think', { url: 'http://127.0.0.1:1/v1' }, { env: {} });
}

/** The built-in provider, with abilities that it does not lack. */
async function localWith(abilities: Partial<Profile>): Promise<library.Provider> {
  const local = await findProvider('local');
  return { ...local, profile: (...given) => ({ ...local.profile(...given), ...abilities }) };
}

/** Why there is no session. */
function refusal(options: library.ConnectOptions): Promise<Message> {
  return thrownBy(async () => {
    const session = await library.connect({ provider: 'local', env: {}, sound: null, ...options });
    await session.close();
  });
}

async function thrownBy(work: () => Promise<unknown>): Promise<Message> {
  try {
    await work();
  } catch (error) {
    if (error instanceof library.VoxtermError) return error;
    throw error;
  }
  throw new Error('nothing failed');
}

type Script = Parameters<typeof ScriptedServer.start>[0];

async function at(script: Script): Promise<Message> {
  const server = await ScriptedServer.start(script);
  onTestFinished(() => server.stop());
  return refusal({ provider: 'openai', url: server.url });
}

function refused(status: string): Promise<Message> {
  return at({
    onUpgrade: (socket) => socket.end(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`),
  });
}

function closed(code: number): Promise<Message> {
  return at({ onSocket: (socket) => socket.close(code) });
}

function saidAtOnce(code: string): Promise<Message> {
  const error = { type: 'invalid_request_error', code, message: 'No.', param: null, event_id: null };
  return at({ onSocket: (socket) => socket.send(JSON.stringify({ type: 'error', error })) });
}

async function noteOn(
  abilities: Partial<Profile>,
  tools: Parameters<typeof notesFor>[0]['tools'] = [],
): Promise<Message> {
  const [note] = notesFor({
    profile: { ...fullProfile, ...abilities },
    settings: { turnDetection: { type: 'server' } },
    tools,
    ownServer: false,
  });
  if (note === undefined) throw new Error('there is no note');
  return note;
}

/** The last thing told. */
async function told(happen: (trouble: Trouble) => void): Promise<Message> {
  const out = new Outbox();
  happen(new Trouble(out));
  const messages = out.drain().flatMap((effect) => {
    if (effect.type !== 'emit') return [];
    const { event } = effect;
    return event.type === 'warning' || event.type === 'error' ? [event] : [];
  });
  const last = messages.at(-1);
  if (last === undefined) throw new Error('nothing was told');
  return last;
}

function flood(trouble: Trouble): void {
  const event: Extract<ModelEvent, { type: 'error' }> = {
    type: 'error',
    code: 'x',
    message: 'No.',
    fatal: false,
    source: 'provider',
  };
  for (let count = 0; count < 6; count += 1) trouble.report(event, false);
}
