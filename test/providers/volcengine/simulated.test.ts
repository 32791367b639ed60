import { describe, expect, it } from 'vitest';
import { askVendor } from '../vendor-run.js';

const env = { VOLCENGINE_API_KEY: 'vendor-key-0123' };
const said = (run: Awaited<ReturnType<typeof askVendor>>) => run.lines.at(-1);

describe('the simulated gateway', () => {
  it('hears a turn that we end, calls a function and speaks', async () => {
    const run = await askVendor('volcengine', {
      dialect: 'volcengine',
      env,
      scenario: {
        turns: [{ heard: '几点了？', tool: { name: 'get_time', arguments: {} }, said: '{{tool.weekday}}。' }],
      },
    });
    expect(said(run)).toMatchObject({
      exitCode: 0,
      turns: 1,
      heard: ['几点了？'],
      said: [expect.stringMatching(/day。$/)],
      tools: [{ name: 'get_time', ok: true }],
    });
    expect(run.of('error')).toEqual([]);
    // The transcript of the turn comes before the answer, however late it arrives.
    const places = run.of('history.updated').filter(({ change }) => change === 'added');
    expect(places).toMatchObject([
      { item: { role: 'user' } },
      { item: { kind: 'tool' } },
      { item: { role: 'assistant' } },
    ]);
  });

  it('lets a bot answer without our instructions and tools', async () => {
    const run = await askVendor('volcengine', {
      dialect: 'volcengine',
      env,
      section: { bot: '7441' },
      flags: { instructions: 'Be brief.' },
      scenario: { turns: [{ heard: '你好', said: '你好，我是机器人。' }] },
    });
    expect(said(run)).toMatchObject({ exitCode: 0, heard: ['你好'], said: ['你好，我是机器人。'] });
    expect(run.of('error')).toEqual([]);
  });

  it('explains a refused key', async () => {
    const wrong = { VOLCENGINE_API_KEY: 'another-key-4567' };
    const scenario = { turns: [{ said: '好' }] };
    await expect(
      askVendor('volcengine', { dialect: 'volcengine', env: wrong, scenario }),
    ).rejects.toMatchObject({ exitCode: 3, hint: expect.stringContaining('VOLCENGINE_API_KEY') });
  });
});
