import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../src/commands/doctor/check.js';
import { providerChecks } from '../../src/commands/doctor/provider-check.js';
import { examine } from '../../src/commands/doctor.js';
import { resolveSettings } from '../../src/config/load.js';
import type { CommonFlags } from '../../src/config/settings.js';
import type { Provider } from '../../src/providers/provider.js';
import { findProvider } from '../../src/providers/registry.js';
import { directoryWith, environmentIn } from '../config/files.js';
import { type Cast, casts } from '../e2e/dialect-casts.js';
import { serveDialect } from '../e2e/dialect-story.js';
import { behaving, connectionOf, refusing, saying, serve } from '../e2e/hostile-server.js';
import { memoryIo } from './session/memory-io.js';

const secret = 'sk-hunter2-hunter2';
const everybody = Object.values(casts);
/** The beta is no provider of its own. */
const vendors = everybody.filter(({ dialect }) => dialect !== 'beta');

interface Circumstances {
  readonly flags?: CommonFlags;
  readonly env?: Readonly<Record<string, string>>;
  readonly options?: object;
  readonly config?: object;
  readonly find?: (id: string) => Promise<Provider>;
  readonly patienceMs?: number;
}

/** What `voxterm doctor` says about a provider: the exit code, and the last check that ran. */
async function diagnosis(cast: Cast, url: string | undefined, more: Circumstances = {}) {
  const section = { ...cast.options, ...more.options };
  const config = { ...cast.settings, ...more.config, providers: { [cast.provider]: section } };
  const directory = directoryWith({ 'voxterm/config.json': JSON.stringify(config) });
  const flags = {
    provider: cast.provider,
    ...(cast.model !== undefined && { model: cast.model }),
    ...(url !== undefined && { url }),
    ...more.flags,
  };
  const env = environmentIn(directory, { ...cast.env, [cast.variable]: secret, ...more.env });
  const { find = findProvider, patienceMs = 2000 } = more;
  const checks = await providerChecks(await resolveSettings(flags, env), { find, patienceMs });
  const { io, written } = memoryIo();
  const exitCode = await examine(checks, io, { json: true, quiet: false, color: false });
  expect(written.stdout).not.toMatch(/hunter2/);
  const { checks: results } = JSON.parse(written.stdout) as { checks: CheckResult[] };
  const last = results.at(-1);
  if (last === undefined) throw new Error('nothing was checked');
  const { id, status, detail, remedy = '' } = last;
  return { exitCode, status, detail, remedy, step: id.replace('provider-', ''), steps: results.length };
}

type Diagnosis = Awaited<ReturnType<typeof diagnosis>>;

/** Which step failed, with which exit code, and what it says and advises. */
function expectFailure(
  found: Diagnosis,
  [step, exitCode, words, remedy]: readonly [RegExp | string, number, RegExp, RegExp],
): void {
  expect(found).toMatchObject({
    status: 'failed',
    step: typeof step === 'string' ? step : expect.stringMatching(step),
    exitCode,
    detail: expect.stringMatching(words),
    remedy: expect.stringMatching(remedy),
  });
  // Sentences for people: no stack, no name of an error class, no code of the system.
  expect(found.detail).not.toMatch(/\bat \/|Error:|undefined|\[object|\bE[A-Z]{6,}/);
}

const first = /^(greeting|settings)$/;

describe.each(everybody)('$provider ($dialect)', (cast) => {
  it('is in order with its simulator, which is asked nothing', async () => {
    const { url } = await serveDialect(cast.dialect, { turns: [{ heard: 'Hello.' }] }, secret);
    const found = await diagnosis(cast, url);
    expect([found.exitCode, found.step]).toEqual([0, 'settings']);
    expect(found.detail).toMatch(/^accepted in \d+ ms/);
  });

  it('has a wrong key', async () => {
    const { url } = await serveDialect(cast.dialect, { turns: [{ heard: 'Hello.' }] }, 'the-right-key');
    expectFailure(await diagnosis(cast, url), [
      /^(handshake|settings)$/,
      3,
      /not accept the key/,
      new RegExp(cast.variable),
    ]);
  });

  it('has no key for a server that wants one', async () => {
    const { url } = await serveDialect(cast.dialect, { turns: [{ heard: 'Hello.' }] }, 'the-right-key');
    const found = await diagnosis(cast, url, { env: { [cast.variable]: '' } });
    expect(found).toMatchObject({ exitCode: 3, remedy: expect.stringContaining(cast.variable) });
    expect(found.detail).toMatch(/is not set|unregistered callers/);
  });
});

describe.each(vendors)('$provider before it connects', (cast) => {
  it('has no key', async () => {
    const found = await diagnosis(cast, undefined, { env: { [cast.variable]: '' } });
    expectFailure(found, [
      'key',
      3,
      /needs a key, and .* (is|are) not set|neither .* is set/,
      /https:\/\/.*--provider local/,
    ]);
    expect(found.remedy + found.detail).toContain(cast.variable);
    expect(found.steps).toBe(1);
  });

  it.each(['sk hunter2 hunter2', '"sk-hunter2"', 'sk-hunter2\nX: y', 'sk-hunter2…'])(
    'has a malformed key: %j',
    async (key) => {
      const found = await diagnosis(cast, undefined, { env: { [cast.variable]: key } });
      expectFailure(found, [
        'key',
        3,
        new RegExp(`^${cast.variable} contains a`),
        /exactly and without quotes/,
      ]);
    },
  );

  it('would send the key in clear text', async () => {
    const found = await diagnosis(cast, 'ws://example.org/v1');
    expectFailure(found, ['address', 3, /unencrypted over the network/, /wss:\/\/.*--insecure/]);
  });

  it('has no address', async () => {
    const found = await diagnosis(cast, 'wss://nowhere.invalid/v1');
    expectFailure(found, [
      'address',
      6,
      /^There is no address for nowhere\.invalid/,
      /network connection.*--url/,
    ]);
  });

  it('finds nobody there', async () => {
    const found = await diagnosis(cast, 'ws://127.0.0.1:1');
    expectFailure(found, ['handshake', 6, /^Nothing answers at 127\.0\.0\.1:1\.$/, /server runs/]);
  });
});

describe('what only some providers want', () => {
  it.each([
    [casts.azure, { flags: {} }, /resource.*AZURE_OPENAI_ENDPOINT is not set/, /providers\.azure\.resource/],
    [
      { dialect: 'azure', provider: 'azure', variable: casts.azure.variable },
      { options: { resource: 'one' } },
      /deployment names you choose/,
      /\(--model, providers\.azure\.model\)/,
    ],
    [
      casts.azure,
      { options: { resource: 'a.b/c' } },
      /name of the resource, not "a\.b\/c"/,
      /AZURE_OPENAI_ENDPOINT/,
    ],
    [{ ...casts.yandex, env: {} }, {}, /id of the folder.*YANDEX_FOLDER_ID is not set/, /providers\.yandex/],
    [
      casts.dashscope,
      { flags: { model: 'qwen3.8-omni-flash-realtime' } },
      /host of your workspace/,
      /DASHSCOPE_WORKSPACE_ID/,
    ],
    [casts.dashscope, { options: { workspace: 'a.b' } }, /workspace must consist of/, /Copy it again/],
  ] as const)('%# $provider', async (cast, more, words, remedy) => {
    expectFailure(await diagnosis(cast, undefined, more), ['address', 3, words, remedy]);
  });
});

/** Answers to the upgrade that mean the same for everybody, by exit code. */
const refusals: readonly (readonly [status: string, body: string, exitCode: number, RegExp, RegExp])[] = [
  [
    '401 Unauthorized',
    `{"error":{"message":"Incorrect API key provided: ${secret}"}}`,
    3,
    /key \(HTTP 401\): Incorrect API key provided: \[secret\]/,
    /key|KEY/,
  ],
  ['403 Forbidden', '', 3, /not accept the key \(HTTP 403\)/, /key|KEY/],
  ['404 Not Found', '', 5, /\(HTTP 404\)/, /--model/],
  ['429 Too Many Requests', '', 5, /too many requests \(HTTP 429\)/, /[Ww]ait/],
  [
    '429 Too Many Requests',
    '{"error":{"message":"You exceeded your current quota.","code":"insufficient_quota"}}',
    5,
    /limit is used up \(HTTP 429\)/,
    /credit|billing/,
  ],
  ['503 Service Unavailable', '<html>', 5, /in trouble \(HTTP 503\)\.$/, /Try again/],
  ['302 Found', '', 5, /elsewhere \(HTTP 302\)/, /final address/],
  ['200 OK', '<html>hello</html>', 5, /no WebSocket \(HTTP 200\)\.$/, /--url/],
];

describe.each(vendors)('$provider, whose server refuses', (cast) => {
  it.each(refusals)('with %s %s', async (status, body, exitCode, words, remedy) => {
    const { url } = await serve(refusing(status, body));
    expectFailure(await diagnosis(cast, url), ['handshake', exitCode, words, remedy]);
  });
});

const error = (code: string, message: string) => ({
  type: 'error',
  error: { type: 'invalid_request_error', code, message, param: null, event_id: null },
});

describe.each(vendors)('$provider, whose server lets everybody in', (cast) => {
  it.each([
    [1000, '', 6, /ended the session/, /try again/],
    [1008, 'policy', 5, /It says: policy/, /model|deployment/],
    [1011, 'boom', 6, /It says: boom/, /try again/],
    [4000, 'invalid_request_error.beta_api_shape_disabled', 5, /beta dialect/, /OpenAI-Beta/],
    [4001, `who is ${secret}?`, 5, /close code 4001\. It says: who is \[secret\]\?/, /key/],
  ] as const)('and closes at once with %i', async (code, reason, exitCode, words, remedy) => {
    const { url } = await serve(saying(({ socket }) => socket.close(code, reason)));
    expectFailure(await diagnosis(cast, url), [first, exitCode, words, remedy]);
  });

  it('and breaks off', async () => {
    const { url } = await serve(saying(({ socket }) => connectionOf(socket).destroy()));
    expectFailure(await diagnosis(cast, url), [first, 6, /connection to the server was lost/, /--url/]);
  });

  it('and stays silent', async () => {
    const { url } = await serve(saying(() => {}));
    const found = await diagnosis(cast, url, { patienceMs: 200 });
    expectFailure(found, [first, 6, /said nothing for 0\.2 s/, /realtime server.*--url, --model/]);
  });

  it('and speaks another protocol', async () => {
    for (const frame of ['40{"sid":"x"}', '{"hello":"you"}']) {
      const { url } = await serve(saying(({ send }) => send(frame)));
      const found = await diagnosis(cast, url, { patienceMs: 200 });
      expectFailure(found, [first, 6, /speaks another protocol/, /--provider/]);
    }
  });

  it.each([
    ['beta_api_shape_disabled', 'The Realtime Beta API is no longer supported.', 5, /Beta/, /--?\w/],
    ['insufficient_quota', 'You exceeded your current quota.', 5, /quota/, /credit|billing|limits/],
    ['model_not_found', 'There is no such model.', 5, /no such model/, /--model/],
    ['invalid_api_key', `Incorrect API key provided: ${secret}`, 3, /\[secret\]/, /key|KEY/],
    ['whatever', 'Something is wrong.', 5, /Something is wrong\./, /--url/],
  ] as const)('and says %s', async (code, message, exitCode, words, remedy) => {
    const { url } = await serve(saying(({ send }) => send(error(code, message))));
    expectFailure(await diagnosis(cast, url), [first, exitCode, words, remedy]);
  });
});

describe('settings that are refused', () => {
  const refusingSettings = (message: string, param?: string) =>
    serve(
      behaving({
        settings: ({ send }) => {
          const { error: body, ...rest } = error('invalid_value', message);
          send({ ...rest, error: { ...body, param: param ?? null } });
        },
      }),
    );

  it.each([
    [
      'session.audio.output.voice',
      "Invalid value: 'nobody'.",
      /not accept the voice: .*\(session\.audio/,
      /--voice, for/,
    ],
    ['session.audio.input.transcription.model', "Invalid value: 'x'.", /written down/, /"transcription"/],
    ['session.tools[0].parameters', 'Invalid schema.', /the tools/, /get_weather, get_time/],
    ['session.audio.input.turn_detection.threshold', 'Too high.', /turns/, /"turns"/],
    ['session.model', 'Cannot be changed.', /the model/, /--model/],
    [undefined, "Voice 'nobody' is not available.", /not accept the voice/, /--voice/],
    [undefined, 'Go away.', /not accept the settings: Go away\.$/, /--provider/],
  ] as const)('%s', async (param, message, words, remedy) => {
    const { url } = await refusingSettings(message, param);
    expectFailure(await diagnosis(casts.openai, url), ['settings', 5, words, remedy]);
  });

  it('by the simulators: a voice nobody has', async () => {
    for (const cast of [casts.openai, casts.azure, casts.gemini]) {
      const { url } = await serveDialect(cast.dialect, { turns: [{ heard: 'Hello.' }] }, secret);
      const found = await diagnosis(cast, url, { flags: { voice: 'nobody' } });
      expectFailure(found, ['settings', 5, /voice.*'nobody'|'nobody'.*voice/i, /--voice/]);
    }
  });

  it.each([
    ['beta', casts.openai],
    ['openai', casts.dashscope],
    ['openai', casts.gemini],
    ['openai', casts.volcengine],
    ['beta', casts.yandex],
  ] as const)('by a server of another dialect: %s', async (dialect, cast) => {
    const { url } = await serveDialect(dialect, { turns: [{ heard: 'Hello.' }] }, null);
    const found = await diagnosis({ ...cast, options: {} }, url);
    expectFailure(found, ['settings', 5, /(Unknown|Missing required) parameter/, /another dialect/]);
  });
});

describe('a model or a region that does not fit', () => {
  it.each([
    [casts.azure, /no such deployment/, /name of a realtime deployment/],
    [casts.dashscope, /Model can not be found/, /Regions and workspaces/],
    [casts.gemini, /does not offer this model/, /Live model/],
    [casts.volcengine, /does not exist/, /AG-voice-chat-agent/],
  ])('$provider', async (cast, words, remedy) => {
    const { url } = await serveDialect(cast.dialect, { turns: [{ heard: 'Hello.' }] }, secret);
    const found = await diagnosis(cast, url, { flags: { model: 'no-such-model' } });
    expectFailure(found, [/handshake|settings/, 5, words, remedy]);
  });

  it('yandex, whose models have folders', async () => {
    const server = await serve(
      saying(({ socket, send }) => {
        send(error('invalid_request', "Invalid model URI: 'gpt://my-folder/x'"));
        socket.close(1008, 'invalid model');
      }),
    );
    expectFailure(await diagnosis(casts.yandex, server.url), [
      'greeting',
      5,
      /Invalid model URI/,
      /gpt:\/\/<folder>/,
    ]);
  });

  it('dashscope, whose keys belong to a region', async () => {
    const { url } = await serve(refusing('401 Unauthorized', '{"code":"InvalidApiKey"}'));
    const find = async (id: string): Promise<Provider> => {
      const provider = await findProvider(id);
      return { ...provider, endpoint: (connection) => ({ ...provider.endpoint(connection), url }) };
    };
    for (const [region, other] of [
      ['international', 'china'],
      ['china', 'international'],
    ]) {
      const found = await diagnosis(casts.dashscope, undefined, { find, options: { region } });
      expectFailure(found, [
        'handshake',
        3,
        /not accept the key/,
        new RegExp(`"region" to "${other}" \\(providers\\.dashscope\\.region\\)`),
      ]);
    }
  });

  it('openai, where it is not offered, or not to this project', async () => {
    const abroad = await serve(
      refusing('403 Forbidden', '{"error":{"message":"Country, region, or territory not supported"}}'),
    );
    expectFailure(await diagnosis(casts.openai, abroad.url), [
      'handshake',
      5,
      /not serve you/,
      /where you are/,
    ]);
    const project = await serve(
      refusing(
        '403 Forbidden',
        '{"error":{"message":"Project does not have access to model","code":"model_not_found"}}',
      ),
    );
    expectFailure(await diagnosis(casts.openai, project.url), [
      'handshake',
      5,
      /not offer this model/,
      /project/,
    ]);
  });
});

describe('settings that will have no effect', () => {
  it('are a warning, each of them', async () => {
    const { url } = await serveDialect('volcengine', { turns: [{ heard: 'Hello.' }] }, null);
    const found = await diagnosis(casts.volcengine, url, { config: { noiseReduction: 'near' } });
    expect(found).toMatchObject({ status: 'warning', exitCode: 0, step: 'settings' });
    expect(found.detail).toMatch(/^accepted in \d+ ms\. .*does not know this setting: noiseReduction\./);
  });
});

describe('a handshake that never ends', () => {
  it('is given up', async () => {
    const { url } = await serve({ onUpgrade: () => {} });
    const found = await diagnosis(casts.openai, url, { patienceMs: 200 });
    expectFailure(found, ['handshake', 6, /did not open a connection within 0\.2 s/, /--url/]);
  });
});
