import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { wav } from '../audio/files/wav-bytes.js';
import { WeatherService } from '../tools/weather/weather-service.js';
import { AskHome, fileSound, recording, soundOf } from './ask-driver.js';

const noon = {
  turns: [{ heard: 'What time is it?', tool: { name: 'get_time' }, said: 'It is noon.' }],
};
const twoTurns = {
  turns: [
    { heard: 'What time is it?', said: 'It is noon.' },
    { heard: 'And in Tokyo?', said: 'It is nine in the evening in Tokyo.' },
  ],
};
const question = recording('question.wav');

describe('a recording', () => {
  it('becomes an audible reply, events and a verdict', async () => {
    const home = new AskHome(noon);
    const run = await home.run([question, '-o', home.path('reply.wav'), '--json']);
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(run.result).toMatchObject({
      exitCode: 0,
      reason: 'done',
      provider: 'local',
      turns: 1,
      heard: ['What time is it?'],
      said: ['It is noon.'],
      tools: [{ name: 'get_time', ok: true }],
    });
    expect(run.types()).toEqual(expect.arrayContaining(['session.ready', 'tool.finished', 'session.ended']));
    const { ms, rms } = fileSound(home.path('reply.wav'));
    expect(rms).toBeGreaterThan(0.02);
    expect(ms).toBeGreaterThan(500);
    expect(run.result.output).toEqual({ path: home.path('reply.wav'), durationMs: expect.closeTo(ms, 0) });
  });

  it('speaks the real weather, from the service to the words', async () => {
    const service = await WeatherService.start();
    const home = new AskHome({
      turns: [
        {
          heard: 'What is the weather in Paris?',
          tool: { name: 'get_weather', arguments: { place: 'Paris' } },
          said: 'The weather in Paris: {{tool.summary}}',
        },
      ],
    });
    const run = await home.run([question, '--expect-tool', 'get_weather', '--expect-said', '12(\\.4)? °C'], {
      env: {
        VOXTERM_WEATHER_GEOCODING_URL: service.geocodingUrl,
        VOXTERM_WEATHER_FORECAST_URL: service.forecastUrl,
      },
    });
    await service.stop();
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(run.stdout).toMatch(
      /^you: What is the weather in Paris\?\ntool: get_weather\(place: Paris\) · done/,
    );
    expect(run.stdout).toMatch(/^voxterm: The weather in Paris: .*12/m);
  });

  it('is read from standard input, and the reply written to standard output', async () => {
    const home = new AskHome(noon);
    const run = await home.run(['-', '-o', '-'], { stdin: readFileSync(question) });
    expect(run.code).toBe(0);
    const { ms, rms } = soundOf(run.bytes);
    expect(rms).toBeGreaterThan(0.02);
    expect(ms).toBeGreaterThan(500);
    expect(run.stderr).toContain('voxterm: It is noon.');
  });

  it.each(['question.mp3', 'question.opus', 'question.ogg', 'question.flac'])('may be %s', async (name) => {
    const run = await new AskHome(noon).run([recording(name)]);
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(run.stdout).toContain('voxterm: It is noon.');
  });

  it('may be of any rate, width and channel count', async () => {
    const home = new AskHome(noon);
    const pcm = readFileSync(question).subarray(44);
    const stereo = Buffer.alloc(pcm.length * 4);
    for (let i = 0; i < pcm.length; i += 2) {
      const sample = pcm.readInt16LE(i) / 32_768;
      stereo.writeFloatLE(sample, i * 4);
      stereo.writeFloatLE(sample, i * 4 + 4);
    }
    home.write('float.wav', wav(stereo, { codec: 3, bits: 32, channels: 2, rateHz: 16_000 }));
    const run = await home.run(['float.wav', '--expect-said', 'noon']);
    expect([run.code, run.stderr]).toEqual([0, '']);
  });

  it('that is cut off is used as far as it goes', async () => {
    const home = new AskHome(noon);
    home.write('cut.wav', readFileSync(question).subarray(0, 50_000));
    const run = await home.run(['cut.wav']);
    expect(run.code).toBe(0);
    expect(run.stderr).toMatch(
      /^warning: "cut\.wav" is cut off: only the first .* are there\. They were used\.\n$/,
    );
  });

  it.each([
    ['missing.wav', 'There is no file "missing.wav".'],
    ['.', '"." is a directory, not a recording.'],
    ['empty.wav', '"empty.wav" is empty'],
    ['text.txt', '"text.txt" is not a recording: it is text.'],
    ['header.wav', '"header.wav"'],
    ['silence.wav', 'There is no speech in "silence.wav".'],
    [recording('noise.wav'), 'There is no speech in '],
    [recording('clicks.wav'), 'There is no speech in '],
  ])('%s is refused in words', async (name, problem) => {
    const home = new AskHome(noon);
    home.write('empty.wav', '');
    home.write('text.txt', 'What is the weather in Paris?\n');
    home.write('header.wav', readFileSync(question).subarray(0, 30));
    home.write('silence.wav', wav(Buffer.alloc(96_000)));
    const run = await home.run([name]);
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toMatch(/^error: .+\.\nhint: .+\n$/);
    expect(run.stderr).toContain(problem);
  });
});

it('waits for words that come after the answer to them', async () => {
  const home = new AskHome({
    turns: [{ heard: 'What time is it?', said: 'Noon.', faults: { lateTranscriptMs: 1500 } }],
  });
  const run = await home.run([question, '--expect-heard', 'time']);
  expect([run.code, run.stderr]).toEqual([0, '']);
  expect(run.stdout).toBe('you: What time is it?\nvoxterm: Noon.\n');
});

describe('several turns in one recording', () => {
  it.each(['fast', 'realtime'])('are answered in order (%s)', async (pace) => {
    const home = new AskHome(twoTurns);
    const run = await home.run([recording('two-turns.wav'), '--pace', pace, '-o', 'reply.wav', '--json']);
    expect(run.code).toBe(0);
    expect(run.result).toMatchObject({
      turns: 2,
      heard: ['What time is it?', 'And in Tokyo?'],
      said: ['It is noon.', 'It is nine in the evening in Tokyo.'],
    });
    const spoken = run.types().filter((type) => ['speech.stopped', 'assistant.text.done'].includes(type));
    expect(spoken).toEqual([
      'speech.stopped',
      'assistant.text.done',
      'speech.stopped',
      'assistant.text.done',
    ]);
    expect(fileSound(home.path('reply.wav')).ms).toBeGreaterThan(2500);
  });

  it('interrupt an answer in real time, and the reply ends where it was last heard', async () => {
    const story =
      'Once upon a time there was a very long story that went on and on and on, for ever and ever.';
    const home = new AskHome({
      turns: [
        { heard: 'Tell me a story', said: story },
        { heard: 'Stop', said: 'Yes.' },
      ],
    });
    const run = await home.run([
      recording('two-turns.wav'),
      '--pace',
      'realtime',
      '-o',
      'reply.wav',
      '--json',
    ]);
    expect(run.code).toBe(0);
    const cleared = run.lines.find((line) => line.type === 'playback.cleared');
    if (cleared?.type !== 'playback.cleared') throw new Error('nothing was cleared');
    expect(cleared.heardMs).toBeGreaterThan(300);
    expect(cleared.heardMs).toBeLessThan(2500);
    const [beginning = '', last] = run.result.said;
    expect(last).toBe('Yes.');
    expect(story.startsWith(beginning)).toBe(true);
    expect(beginning.length).toBeLessThan(story.length / 2);
    const yesMs = 4 * 65;
    expect(Math.abs(fileSound(home.path('reply.wav')).ms - cleared.heardMs - yesMs)).toBeLessThan(150);
  });
});

describe('a text', () => {
  it('is answered', async () => {
    const home = new AskHome(noon);
    const run = await home.run(['--text', 'What time is it?', '-o', 'reply.wav']);
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(run.stdout).toMatch(
      /^you: What time is it\?\ntool: get_time\(\) · done · .+\nvoxterm: It is noon\.\n$/,
    );
    expect(fileSound(home.path('reply.wav')).rms).toBeGreaterThan(0.02);
  });

  it('cannot steer the terminal', async () => {
    const run = await new AskHome(noon).run(['--text', 'a\u001b[2Jb\u0007\r\nc']);
    expect(run.code).toBe(0);
    expect(run.stdout).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
  });

  it('may be long', async () => {
    const text = 'word '.repeat(20_000);
    const run = await new AskHome(noon).run(['--text', text, '--json']);
    expect(run.result.heard.join('').trim()).toBe(text.trim());
  });
});

describe('expectations', () => {
  it.each([
    [['--expect-said', 'moon'], 'Expected /moon/ to be said by the assistant; it was: "It is noon."'],
    [['--expect-heard', 'date'], 'Expected /date/ to be heard from the user; it was: "What time is it?"'],
    [['--expect-tool', 'get_weather'], 'Expected the tool get_weather to be called; called: get_time.'],
  ])('%j that is not met exits with 9', async (flags, complaint) => {
    const run = await new AskHome(noon).run([question, '--json', ...flags]);
    expect(run.code).toBe(9);
    expect(run.stderr).toBe(`error: ${complaint}\n`);
    expect(run.result).toMatchObject({ reason: 'expectation', message: complaint, said: ['It is noon.'] });
  });

  it('are met message by message', async () => {
    const flags = [
      '--expect-said',
      '^it is noon\\.$',
      '--expect-said',
      '^it is nine .* tokyo\\.$',
      '--expect-heard',
      '^and',
    ];
    const run = await new AskHome(twoTurns).run([recording('two-turns.wav'), ...flags]);
    expect([run.code, run.stderr]).toEqual([0, '']);
  });

  it('of a tool that failed name the reason', async () => {
    const home = new AskHome({ turns: [{ heard: 'roll', tool: { name: 'broken' }, said: 'Sorry.' }] });
    home.write(
      'broken.mjs',
      `export default { name: 'broken', description: 'x', parameters: { type: 'object' },
        execute: () => { throw new Error('out of order'); } };`,
    );
    const tolerant = await home.run([question, '--tool', './broken.mjs', '--json']);
    expect(tolerant.code).toBe(0);
    expect(tolerant.result.tools).toMatchObject([{ name: 'broken', ok: false }]);
    const strict = await home.run([question, '--tool', './broken.mjs', '--expect-tool', 'broken']);
    expect(strict.code).toBe(9);
    expect(strict.stderr).toBe('error: Expected the tool broken to succeed; it was called and failed.\n');
  });

  it('that is no regular expression is refused before anything is sent', async () => {
    const run = await new AskHome(noon).run([question, '--expect-said', '(']);
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toContain('error: --expect-said "(" is not a regular expression');
  });
});

describe('files', () => {
  it.each([
    ['question.wav', '-o', 'question.wav'],
    ['question.wav', '-o', 'link.wav'],
    ['question.wav', '--transcript', './question.wav'],
    ['-', '-o', 'question.wav'],
    ['-', '--transcript', 'link.wav'],
  ])('%s %s %s never overwrites the question', async (...args) => {
    const home = new AskHome(noon);
    const bytes = readFileSync(question);
    home.write('question.wav', bytes);
    symlinkSync('question.wav', home.path('link.wav'));
    const run = await home.run(args, args[0] === '-' ? { from: home.path('question.wav') } : {});
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toContain('is the recording itself.');
    expect(readFileSync(home.path('question.wav')).equals(bytes)).toBe(true);
  });

  it.each([
    [['-o', 'both', '--transcript', './both'], '"both" cannot hold both the reply and the transcript.'],
    [['-o', 'missing/reply.wav'], 'there is no directory "missing"'],
    [['--transcript', 'missing/words.md'], 'there is no directory "missing"'],
    [['--transcript', '.'], '"." is a directory'],
    [['--transcript', '-'], 'The transcript needs a file of its own.'],
    [['--record', 'taken', '-o', 'reply.wav'], 'taken" is a file'],
    [['--log-file', 'missing/log'], 'missing/log'],
    [['-o', ''], '-o needs the name of a file.'],
    [['--transcript', ''], '--transcript needs the name of a file.'],
    [['-o', '-', '--json'], 'Standard output cannot hold both the WAV and the events.'],
  ])('%j is refused before anything is sent', async (flags, problem) => {
    const home = new AskHome(noon);
    home.write('taken', 'a file');
    const run = await home.run([question, ...flags]);
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(/^error: .+\nhint: .+\n$/);
    expect(run.stderr).toContain(problem);
    expect(run.stdout).not.toContain('noon');
  });

  it('hold the conversation in each format, the recording both sides', async () => {
    const home = new AskHome(noon);
    for (const [name, content] of [
      ['words.txt', /^You: What time is it\?\nTool: get_time\(.*\nAssistant: It is noon\.\n$/],
      [
        'words.md',
        /^# Conversation\n\n\*\*You:\*\* What time is it\?\n[\s\S]*\*\*Assistant:\*\* It is noon\.\n$/,
      ],
      ['words.json', /"schema": 1,/],
    ] as const) {
      const run = await home.run([question, '--transcript', name]);
      expect([run.code, run.stderr]).toEqual([0, '']);
      expect(home.read(name)).toMatch(content);
    }
  });

  it('keep a log without sound in it', async () => {
    const home = new AskHome(noon);
    const run = await home.run([question, '--log-file', 'voxterm.log']);
    expect([run.code, run.stderr]).toEqual([0, '']);
    const lines = home.read('voxterm.log').trimEnd().split('\n');
    const messages: { message: string }[] = lines.map((line) => JSON.parse(line));
    expect(messages.some(({ message }) => message.includes('input_audio_buffer.append'))).toBe(true);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(5000);
  });

  it('may be devices', async () => {
    const run = await new AskHome(noon).run([question, '-o', '/dev/null', '--transcript', '/dev/null']);
    expect([run.code, run.stderr]).toEqual([0, '']);
  });
});

describe('an environment that is poor', () => {
  it('without a home, a locale or a terminal type', async () => {
    const home = new AskHome(noon);
    const env = { HOME: undefined, XDG_CONFIG_HOME: undefined, LANG: 'C', TERM: undefined, FORCE_COLOR: '3' };
    const run = await home.run([question], { env });
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(run.stdout).toContain('voxterm: It is noon.');
    expect(run.stdout).not.toContain('\u001b');
  });

  it('without a voice: tones and words', async () => {
    const home = new AskHome({ voice: 'system', ...noon });
    mkdirSync(home.path('bin'));
    const run = await home.run([question, '-o', 'reply.wav'], { env: { PATH: home.path('bin') } });
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('voxterm: It is noon.');
    expect(fileSound(home.path('reply.wav')).rms).toBeGreaterThan(0.01);
  });

  it('with a standard input that nobody closes', async () => {
    const run = await new AskHome(noon).run([question], { open: true });
    expect([run.code, run.stderr]).toEqual([0, '']);
  });

  it('with names no shell likes', async () => {
    const home = new AskHome(noon);
    mkdirSync(home.path('ä b\n"c'));
    writeFileSync(home.path('ä b\n"c/- 質問?.wav'), readFileSync(question));
    const run = await home.run(['ä b\n"c/- 質問?.wav', '-o', 'ä b\n"c/réponse.wav', '--json']);
    expect(run.code).toBe(0);
    expect(run.result.output?.path).toBe('ä b\n"c/réponse.wav');
  });
});

it.each([
  [2, 'audio.not-found', ['missing.wav']],
  [2, 'usage', []],
  [2, 'usage.pattern', ['--text', 'hi', '--expect-said', '(']],
  [2, 'log.unwritable', ['--text', 'hi', '--log-file', 'missing/log']],
  [3, 'tool.module', ['--text', 'hi', '--tool', './missing.mjs']],
  [3, 'credentials.missing', ['--text', 'hi', '--provider', 'openai']],
  [6, 'link.unreachable', ['--text', 'hi', '--provider', 'openai', '--url', 'ws://127.0.0.1:9/v1']],
])('says in JSON, too, what went wrong before anything was connected: %i %s', async (code, reason, flags) => {
  const run = await new AskHome().run([...flags, '--json']);
  expect(run.code).toBe(code);
  expect(run.types()).toEqual(['header', 'result']);
  expect(run.stderr).toMatch(/^error: .+\nhint: .+\n$/);
  expect(run.result).toMatchObject({ reason, heard: [], output: null });
});

it('tells what it does with --verbose, on standard error only', async () => {
  const run = await new AskHome(noon).run([question, '--verbose', '--json']);
  expect(run.code).toBe(0);
  expect(run.result.exitCode).toBe(0);
  expect(run.stderr).toContain('input_audio_buffer.append');
});
