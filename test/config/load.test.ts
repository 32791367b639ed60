import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveSettings, resolveWithOrigins } from '../../src/config/load.js';
import type { CommonFlags } from '../../src/config/settings.js';
import { VoxtermError } from '../../src/contract/failure.js';
import { directoryWith, environmentIn } from './files.js';

/** Resolves with this text as the user's own file. */
function withOwnFile(text: string, flags: CommonFlags = {}, env: Record<string, string> = {}) {
  const directory = directoryWith({ 'voxterm/config.json': text });
  return resolveSettings(flags, environmentIn(directory, env), { directory });
}

async function failureOf(promise: Promise<unknown>): Promise<VoxtermError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof VoxtermError)) throw new Error(`expected a VoxtermError, got ${String(error)}`);
  return error;
}

describe('precedence', () => {
  it('takes flag, then environment, then named file, then own file, then default', async () => {
    const directory = directoryWith({
      'voxterm/config.json':
        '{"language":"it","audio":{"echo":"off","inputDevice":"own","backend":"sox"},"speed":1.2}',
      'named.json': '{"language":"fr","audio":{"echo":"gate","inputDevice":7}}',
    });
    const env = environmentIn(directory, { VOXTERM_LANGUAGE: 'es', VOXTERM_ECHO: 'half-duplex' });
    const settings = await resolveSettings({ language: 'de', config: 'named.json' }, env, { directory });
    expect(settings.language).toBe('de');
    expect(settings.audio).toEqual({
      echo: 'half-duplex',
      inputDevice: '7',
      outputDevice: undefined,
      backend: 'sox',
    });
    expect(settings.session.speed).toBe(1.2);
    expect(settings.toolTimeoutMs).toBe(10_000);
  });

  it('names the built-in provider when nobody names one', async () => {
    const settings = await resolveSettings(
      {},
      environmentIn(directoryWith(), { OPENAI_API_KEY: 'sk-secret' }),
    );
    expect([settings.provider, settings.providerSource, settings.model]).toEqual([
      'local',
      'default',
      'local',
    ]);
  });

  it.each([
    ['flag', { provider: 'openai' }, {}, '{}'],
    ['environment', {}, { VOXTERM_PROVIDER: 'openai' }, '{}'],
    ['config', {}, {}, '{"provider":"openai"}'],
  ] as const)('says that the provider comes from the %s', async (source, flags, env, text) => {
    const settings = await withOwnFile(text, flags, env);
    expect([settings.provider, settings.providerSource]).toEqual(['openai', source]);
  });

  it('takes an empty variable for one that is not set', async () => {
    const settings = await withOwnFile('{"language":"fr"}', {}, { VOXTERM_LANGUAGE: '', VOXTERM_CONFIG: '' });
    expect(settings.language).toBe('fr');
  });

  it('reads the file that VOXTERM_CONFIG names', async () => {
    const directory = directoryWith({ 'named.json': '{"language":"fr"}' });
    const env = environmentIn(directory, { VOXTERM_CONFIG: 'named.json' });
    expect((await resolveSettings({}, env, { directory })).language).toBe('fr');
  });

  it('does not hand model, voice and address of one provider to another', async () => {
    const text = '{"provider":"openai","model":"gpt-x","voice":"cedar","url":"wss://example.org"}';
    const chosen = await withOwnFile(text);
    expect([chosen.model, chosen.session.voice, chosen.url]).toEqual(['gpt-x', 'cedar', 'wss://example.org']);
    const other = await withOwnFile(text, { provider: 'local' });
    expect([other.model, other.session.voice, other.url]).toEqual(['local', undefined, undefined]);
  });

  it('prefers the section of the selected provider to the general values beside it', async () => {
    const text = '{"model":"general","voice":"alloy","providers":{"openai":{"model":"special"}}}';
    const settings = await withOwnFile(text, { provider: 'openai' });
    expect([settings.model, settings.session.voice]).toEqual(['special', 'alloy']);
    expect((await withOwnFile(text, { provider: 'openai', model: 'flagged' })).model).toBe('flagged');
  });

  it('knows where each value comes from', async () => {
    const directory = directoryWith({
      'voxterm/config.json': '{\n  "speed": 1.5,\n  "audio": {"echo": "off"}\n}',
    });
    const { effective, files } = await resolveWithOrigins(
      { voice: 'cedar' },
      environmentIn(directory, { VOXTERM_BACKEND: 'alsa' }),
      { directory },
    );
    const file = join(directory, 'voxterm/config.json');
    const from = (...path: string[]) => effective.originOf(path)?.label(path);
    expect(files).toEqual([file]);
    expect(from('voice')).toBe('--voice');
    expect(from('audio', 'backend')).toBe('VOXTERM_BACKEND');
    expect(from('speed')).toBe(`${file}:2:12`);
    expect(from('audio', 'echo')).toBe(`${file}:3:21`);
    expect(from('toolTimeoutMs')).toBe('default');
    expect(from('record')).toBeUndefined();
  });
});

describe('paths and texts', () => {
  it('resolves paths of a file against that file, and those of flags against the working directory', async () => {
    const directory = directoryWith({
      'voxterm/config.json':
        '{"tools":["get_time","./mine.mjs","other.js"],"record":"rec","logFile":"~/vox.log","scenario":"s.json"}',
    });
    const env = environmentIn(directory);
    const fromFile = await resolveSettings({}, env, { directory: '/elsewhere' });
    const beside = join(directory, 'voxterm');
    expect(fromFile.tools).toEqual(['get_time', join(beside, 'mine.mjs'), join(beside, 'other.js')]);
    expect(fromFile.record).toBe(join(beside, 'rec'));
    expect(fromFile.scenario).toBe(join(beside, 's.json'));
    expect(fromFile.logFile).toBe(join(directory, 'vox.log'));
    const flags = { tool: ['./mine.mjs', 'get_weather'], record: 'rec' };
    const fromFlags = await resolveSettings(flags, env, { directory: '/elsewhere' });
    expect(fromFlags.tools).toEqual(['/elsewhere/mine.mjs', 'get_weather']);
    expect(fromFlags.record).toBe('/elsewhere/rec');
  });

  it('reads instructions from a file, and a doubled @ as a text', async () => {
    const directory = directoryWith({
      'voxterm/config.json': '{"instructions":"@prompt.md"}',
      'voxterm/prompt.md': '\ufeffBe brief.\n',
    });
    const env = environmentIn(directory);
    expect((await resolveSettings({}, env)).session.instructions).toBe('Be brief.');
    expect((await resolveSettings({ instructions: '@@home' }, env)).session.instructions).toBe('@home');
    const missing = await failureOf(resolveSettings({ instructions: '@nope' }, env, { directory }));
    expect(missing.exitCode).toBe(2);
    expect(missing.message).toContain(join(directory, 'nope'));
  });

  it('lets "none" take all tools away', async () => {
    expect((await withOwnFile('{}', { tool: ['none'] })).tools).toEqual([]);
    expect((await withOwnFile('{}', {}, { VOXTERM_TOOLS: 'none' })).tools).toEqual([]);
    expect((await withOwnFile('{}', {}, { VOXTERM_TOOLS: 'a, b' })).tools).toEqual(['a', 'b']);
  });

  it('always asks for transcription, in the bare language', async () => {
    expect((await withOwnFile('{"language":"pt-BR"}')).session.transcription).toEqual({ language: 'pt' });
    expect((await withOwnFile('{}')).session.transcription).toEqual({ language: undefined });
  });
});

describe('what is wrong, where, and what is allowed', () => {
  it.each([
    [
      '{\n  "audio": {\n    "echo": "lowd"\n  }\n}',
      '3:13',
      'audio.echo is "lowd"',
      'auto, gate, half-duplex, off',
    ],
    ['{"speed": 3}', '1:11', 'speed is 3', 'a number from 0.25 to 1.5'],
    ['{"speed": "fast"}', '1:11', 'speed is "fast"', 'a number from 0.25 to 1.5'],
    ['{"maxOutputTokens": 1.5}', '1:21', 'maxOutputTokens is 1.5', 'a whole number from 1 to 4096'],
    ['{"insecure": "yes"}', '1:14', 'insecure is "yes"', 'true or false'],
    ['{"turns": {"type": "sever"}}', '1:20', 'turns.type is "sever"', 'Did you mean server? Allowed: none'],
    ['{"turns": {}}', '1:11', 'turns.type is missing', 'none, or client, or server, or semantic'],
    [
      '{"turns": {"type":"server","silenceMs":5}}',
      '1:40',
      'turns.silenceMs is 5',
      'a whole number from 100 to 10000',
    ],
    ['{"tools": "get_time"}', '1:11', 'tools is "get_time"', 'a list of texts'],
    ['{"audio": {"inputDevice": true}}', '1:27', 'audio.inputDevice is true', 'the index of a device'],
    ['{"url": "https://x.org/v1"}', '1:9', 'url is "https://x.org/v1"', 'write wss:// instead'],
    ['{"language": "english"}', '1:14', 'language is "english"', 'a language tag such as en'],
    ['[]', '1:1', 'the configuration is []', 'an object in braces'],
    ['{\n  "modle": "x"\n}', '2:3', 'modle is not a setting', 'Did you mean model?'],
    ['{"audio": {"eco": 1}}', '1:12', 'audio.eco is not a setting', 'Did you mean echo?'],
    ['{"__proto__": {"speed": 9}}', '1:2', '"__proto__" is not a setting', 'Remove it'],
    ['{"constructor": 1}', '1:2', 'constructor is not a setting', 'Known here: '],
    [
      '{"turns": {"type":"none","silenceMs":9}}',
      '1:26',
      'turns.silenceMs is not',
      '(with type "none"): type.',
    ],
    ['{"apiKey": "sk-secret"}', '1:2', 'apiKey is not a setting', 'environment only: OPENAI_API_KEY'],
    ['{"provider": "opnai"}', '1:14', 'provider is "opnai", which is no provider', 'Did you mean openai?'],
    ['{"providers": {"opnai": {}}}', '1:16', 'names "opnai", which is no provider', 'Did you mean openai?'],
    ['{"model": "a",\n"model": "b"}', '2:1', 'The key "model" stands there twice', 'Keep one'],
    ['{"model" "a"}', '1:10', 'colon expected', 'Allowed is JSON'],
    ['{"model": "a"', '1:14', 'close brace expected', 'Allowed is JSON'],
    ["{'model': 1}", '1:2', 'Not JSON at', 'double quotes'],
    ['{“voice”: “cedar”}', '1:2', 'Not JSON at', 'straight double quotes'],
    ['voice: cedar\n', '1:1', 'it looks like YAML', '{ "voice": "cedar" }'],
    ['# mine\n\nvoice:\n  x: y\n', '3:1', 'it looks like YAML', '{ "voice": "cedar" }'],
    ['---\nvoice: cedar\n', '1:1', 'it looks like YAML', '{ "voice": "cedar" }'],
    ['[audio]\necho = "off"\n', '1:1', 'it looks like TOML', '{ "voice": "cedar" }'],
    ['voice = "cedar"\n', '1:1', 'it looks like TOML', '{ "voice": "cedar" }'],
    ['{\n<<<<<<< HEAD\n"voice": "a"\n', '2:1', 'A merge conflict is not resolved', '======='],
    ['{"voice": "cedar"}\n}', '2:1', 'Not JSON at "}": end of file expected', 'Allowed is JSON'],
    ['cedar', '1:1', 'Not JSON at "cedar"', 'Allowed is JSON'],
    ['', '1:1', 'The file is empty', 'config init'],
    ['  \n// nothing\n', '1:1', 'The file is empty', 'config init'],
    ['['.repeat(300_000), '1:1', 'nested too deeply', ''],
    [`${'['.repeat(3000)}${']'.repeat(3000)}`, '1:1', 'nested too deeply', ''],
  ])('%s', async (text, position, problem, hint) => {
    const error = await failureOf(withOwnFile(text));
    expect(error.exitCode).toBe(3);
    expect(error.message).toContain(`config.json:${position}: `);
    expect(error.message).toContain(problem);
    expect(error.hint).toContain(hint);
    expect(`${error.message}${error.hint}`).not.toContain('sk-secret');
  });

  it('never changes the prototype of anything', async () => {
    await failureOf(withOwnFile('{"providers": {"__proto__": {"model": "evil"}}}'));
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    expect('model' in {}).toBe(false);
  });

  it.each([
    ['Latin-1', Buffer.from('{\n// Schl\xfcssel\n}', 'latin1'), 'is not UTF-8 text (line 2)'],
    ['UTF-16 that breaks off', new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d]), 'is not UTF-8 text'],
    ['huge', new Uint8Array(1024 * 1024 + 1).fill(0x20), 'is larger than 1 MB'],
  ])('refuses a file that is %s', async (_what, content, problem) => {
    const directory = directoryWith({ 'config.json': content });
    const error = await failureOf(
      resolveSettings({ config: 'config.json' }, environmentIn(directory), { directory }),
    );
    expect(error.exitCode).toBe(3);
    expect(error.message).toContain(problem);
  });

  it('refuses a missing file and a directory that were named, but not that there is no own file', async () => {
    const directory = directoryWith();
    const env = environmentIn(directory);
    for (const config of ['missing.json', '.']) {
      expect((await failureOf(resolveSettings({ config }, env, { directory }))).exitCode).toBe(3);
    }
    expect((await resolveSettings({}, env, { directory })).provider).toBe('local');
  });

  it.each(['utf-16le', 'utf-16be'])('reads %s, as Windows tools write it', async (encoding) => {
    const content = Buffer.from('\ufeff{"voice": "cedar"}\r\n', 'utf16le');
    const directory = directoryWith({ 'config.json': encoding === 'utf-16le' ? content : content.swap16() });
    const settings = await resolveSettings({ config: 'config.json' }, environmentIn(directory), {
      directory,
    });
    expect(settings.session.voice).toBe('cedar');
  });

  it('takes a home directory that is a file for one without a configuration', async () => {
    const directory = directoryWith({ home: 'a file' });
    expect((await resolveSettings({}, { HOME: join(directory, 'home') }, { directory })).provider).toBe(
      'local',
    );
  });

  it('accepts comments, trailing commas and a byte order mark', async () => {
    const settings = await withOwnFile('\ufeff// hello\n{ "speed": 1.1, /* b */ "tools": ["a",], }');
    expect([settings.session.speed, settings.tools]).toEqual([1.1, ['a']]);
  });

  it.each([
    [{ echo: 'loud' }, {}, 2, '--echo is "loud"'],
    [{ echo: 'aec' }, {}, 2, '--echo is "aec"'],
    [{ provider: 'x' }, {}, 2, '--provider is "x"'],
    [{ url: 'nonsense' }, {}, 2, '--url is "nonsense"'],
    [{ inputDevice: '' }, {}, 2, '--input-device is ""'],
    [{}, { VOXTERM_ECHO: 'loud' }, 3, 'VOXTERM_ECHO is "loud"'],
    [{}, { VOXTERM_INSECURE: 'perhaps' }, 3, 'VOXTERM_INSECURE is "perhaps"'],
    [{}, { VOXTERM_PROVIDER: 'x' }, 3, 'VOXTERM_PROVIDER is "x"'],
    [{ provider: 'openai', scenario: 's.json' }, {}, 2, '--scenario does nothing with the provider openai'],
    [{ url: 'ws://127.0.0.1:9090' }, {}, 2, '--url does nothing with the built-in provider'],
  ] as const)('%j %j', async (flags, env, exitCode, problem) => {
    const error = await failureOf(withOwnFile('{}', flags, env));
    expect([error.exitCode, error.message.includes(problem)]).toEqual([exitCode, true]);
  });

  it('does not repeat secrets of an address', async () => {
    const error = await failureOf(withOwnFile('{"url": "https://me:hunter2@x.org/?key=hunter2"}'));
    expect(`${error.message}${error.hint}`).not.toContain('hunter2');
  });
});

describe('output', () => {
  it('turns samples in events into JSON output', async () => {
    const settings = await withOwnFile('{}', { jsonAudio: true });
    expect(settings.output).toMatchObject({ json: true, jsonAudio: true, quiet: false, verbose: false });
  });

  it('decides about colour per stream', async () => {
    const directory = directoryWith();
    const streams = { stdout: { isTTY: true }, stderr: { isTTY: false }, directory };
    const settings = await resolveSettings({}, environmentIn(directory, { TERM: 'xterm' }), streams);
    expect(settings.output.color).toEqual({ stdout: true, stderr: false });
  });
});

describe('--env-file', () => {
  it('adds what the environment does not set', async () => {
    const directory = directoryWith({
      '.env': 'VOXTERM_LANGUAGE=fr\nVOXTERM_VOICE=cedar\nOPENAI_API_KEY=sk-1\n',
    });
    const env = environmentIn(directory, { VOXTERM_VOICE: 'marin' });
    const settings = await resolveSettings({ envFile: '.env' }, env, { directory });
    expect([settings.language, settings.session.voice, settings.env.OPENAI_API_KEY]).toEqual([
      'fr',
      'marin',
      'sk-1',
    ]);
  });

  it('is not read unless asked for', async () => {
    const directory = directoryWith({ '.env': 'VOXTERM_LANGUAGE=fr' });
    expect((await resolveSettings({}, environmentIn(directory), { directory })).language).toBeUndefined();
  });
});
