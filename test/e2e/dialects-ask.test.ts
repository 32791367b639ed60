import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { program } from '../built.js';
import { AskHome, fileSound, recording } from './ask-driver.js';
import { type Cast, casts } from './dialect-casts.js';

const key = 'key-of-the-simulator';
const scenario = {
  voice: 'tone',
  pace: 'fast',
  turns: [{ heard: 'What time is it?', tool: { name: 'get_time' }, said: 'It is noon.' }],
};

/** `voxterm simulate` as a user starts it. */
async function simulate(home: AskHome, { dialect }: Cast): Promise<string> {
  const file = home.write('script.json', JSON.stringify(scenario));
  const child = spawn(process.execPath, [program, 'simulate', '--dialect', dialect, '--scenario', file], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH, HOME: home.directory, VOXTERM_SIMULATE_TOKEN: key },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { url } = JSON.parse(String(line));
  return String(url);
}

/** One dialect that frames nothing like the others, and one in which we end the turns. */
describe.each([casts.gemini, casts.volcengine])('voxterm ask --provider $provider', (cast) => {
  it('asks the simulator a recorded question', { timeout: 40_000 }, async () => {
    const home = new AskHome();
    const url = await simulate(home, cast);
    const run = await home.run(
      [
        recording('question.wav'),
        ...['--provider', cast.provider, '--url', url],
        ...['-o', home.path('reply.wav'), '--json', '--expect-tool', 'get_time', '--expect-said', 'noon'],
      ],
      { env: { [cast.variable]: key } },
    );
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(run.result).toMatchObject({
      exitCode: 0,
      provider: cast.provider,
      turns: 1,
      heard: ['What time is it?'],
      said: ['It is noon.'],
      tools: [{ name: 'get_time', ok: true }],
    });
    const { ms, rms } = fileSound(home.path('reply.wav'));
    expect(rms).toBeGreaterThan(0.02);
    expect(ms).toBeGreaterThan(500);
  });

  it('with a wrong key ends with 3 and one sentence', { timeout: 40_000 }, async () => {
    const home = new AskHome();
    const url = await simulate(home, cast);
    const run = await home.run([recording('question.wav'), '--provider', cast.provider, '--url', url], {
      env: { [cast.variable]: 'sk-wrong' },
    });
    expect(run.code).toBe(3);
    expect(run.stderr).toMatch(/^error: .*key.*\n(hint: .+\n)?$/);
    expect(run.stderr).not.toContain('sk-wrong');
  });
});

it('refuses a typed question before connecting where the model takes none', async () => {
  const run = await new AskHome().run(
    ['--text', 'What time is it?', '--provider', 'volcengine', '--url', 'ws://127.0.0.1:1'],
    { env: { VOLCENGINE_API_KEY: key } },
  );
  expect(run.code).toBe(3);
  expect(run.stderr).toMatch(/AG-voice-chat-agent does not take typed messages\.\n.*with a recording/);
});
