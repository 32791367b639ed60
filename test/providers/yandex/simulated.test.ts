import { describe, expect, it } from 'vitest';
import { askVendor } from '../vendor-run.js';

const env = { YANDEX_API_KEY: 'vendor-key-0123', YANDEX_FOLDER_ID: 'b1gfolder' };
const turn = {
  heard: 'Который час?',
  tool: { name: 'get_time', arguments: {} },
  said: 'Сегодня {{tool.weekday}}, и погода хорошая.',
};

describe('the simulated Yandex', () => {
  it.each([
    ['the server ends turns', {}, {}],
    ['we end turns', { turns: 'client' }, {}],
    ['44.1 kHz are delivered unasked', {}, { quirks: ['output-44100'] }],
  ])('hears, calls a function and speaks when %s', async (_name, flags, dialectOptions) => {
    const run = await askVendor('yandex', {
      dialect: 'yandex',
      dialectOptions,
      env,
      flags,
      scenario: { turns: [turn] },
    });
    expect(run.lines.at(-1)).toMatchObject({
      exitCode: 0,
      turns: 1,
      heard: ['Который час?'],
      said: [expect.stringMatching(/^Сегодня \w+day, и погода хорошая\.$/)],
      tools: [{ name: 'get_time', ok: true }],
    });
    expect(run.of('error')).toEqual([]);
    const places = run.of('history.updated').filter(({ change }) => change === 'added');
    expect(places).toMatchObject([
      { item: { role: 'user' } },
      { item: { kind: 'tool' } },
      { item: { role: 'assistant' } },
    ]);
  });

  it('hears several turns without repeating the earlier ones', async () => {
    const run = await askVendor('yandex', {
      dialect: 'yandex',
      env,
      recording: 'two-turns.wav',
      scenario: {
        turns: [
          { heard: 'Расскажи мне о Москве.', said: 'Москва стоит на реке.' },
          { heard: 'А теперь о Казани.', said: 'Казань стоит на Волге.' },
        ],
      },
    });
    expect(run.lines.at(-1)).toMatchObject({
      heard: ['Расскажи мне о Москве.', 'А теперь о Казани.'],
      said: ['Москва стоит на реке.', 'Казань стоит на Волге.'],
    });
  });

  it('explains a model without its folder', async () => {
    const scenario = { turns: [{ said: 'Да.' }] };
    await expect(
      askVendor('yandex', { dialect: 'yandex', env, flags: { model: 'gpt://short' }, scenario }),
    ).rejects.toMatchObject({ exitCode: 5, hint: expect.stringContaining('gpt://<folder>') });
  });
});
