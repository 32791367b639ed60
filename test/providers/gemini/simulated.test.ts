import { describe, expect, it } from 'vitest';
import { casts } from '../../e2e/dialect-casts.js';
import { Story, serveDialect } from '../../e2e/dialect-story.js';

const long = `I tell you a story. ${'And it goes on and on and on for quite a while. '.repeat(6)}`;
/** Models that send text and audio in one message, or in two. */
const generations = ['gemini-3.8-live', 'gemini-2.5-flash-native-audio-latest'];
const models = [...generations, 'gemini-3.8-live-extended-thinking', 'gemini-3.1-flash-live-preview'];

async function begin(model: string, scenario: object, settings = {}): Promise<Story> {
  const server = await serveDialect('gemini', { pace: 3, ...scenario });
  return Story.begin({ ...casts.gemini, model, settings }, server);
}

/** How every story ends. */
async function quiet(story: Story): Promise<void> {
  await story.until('silence', () => story.session.state === 'listening');
  story.expectUnderstood();
  expect(story.warnings).toEqual([]);
  expect(await story.end()).toMatchObject({ exitCode: 0 });
}

describe.each(generations)('%s', (model) => {
  it('answers typed messages, also during an answer', async () => {
    const story = await begin(model, { turns: [{ said: long }, { said: 'I have stopped.' }] });
    story.session.sendText('Tell me a story.');
    await story.until('the story', () => story.room.heardMs > 600);
    story.session.sendText('Stop!');
    await story.until('the second answer', () => story.said.includes('I have stopped.'));
    await quiet(story);
    expect(story.messages('assistant')).toMatchObject([
      { state: 'cut' },
      { state: 'done', text: 'I have stopped.' },
    ]);
    expect(story.messages('user').map(({ text }) => text)).toEqual(['Tell me a story.', 'Stop!']);
  });

  it('accepts turns that we end, and lets one interrupt its answer', async () => {
    const turns = [
      { heard: 'A story, please.', said: long },
      { heard: 'Stop!', said: 'I have stopped.' },
    ];
    const story = await begin(model, { turns }, { turnDetection: { type: 'none' } });
    for (const done of [() => story.room.heardMs > 600, () => story.said.includes('I have stopped.')]) {
      story.session.toggleTalk();
      await story.ask();
      story.session.toggleTalk();
      await story.until('the answer', done);
    }
    await quiet(story);
    expect(story.messages('user').map(({ text }) => text)).toEqual(['A story, please.', 'Stop!']);
    expect(story.messages('assistant')).toMatchObject([
      { state: 'cut' },
      { state: 'done', text: 'I have stopped.' },
    ]);
  });

  it('continues on a new connection when the old one reaches its limit', async () => {
    const story = await begin(model, {
      connectionLimitS: 3,
      turns: [{ said: 'The first.' }, { said: 'The second.' }],
    });
    story.session.sendText('One?');
    await story.until('the first answer', () => story.said.includes('The first.'));
    await story.until('the new connection', () => story.all('link.restored').length === 1);
    expect(story.all('link.restored')).toMatchObject([{ stateRestored: true }]);
    story.session.sendText('Two?');
    await story.until('the second answer', () => story.said.includes('The second.'));
    await story.until('silence', () => story.session.state === 'listening');
    expect(story.messages('assistant').map(({ text }) => text)).toEqual(['The first.', 'The second.']);
    story.expectUnderstood();
  });

  it('is silenced by a key, and answers the next question', async () => {
    const turns = [
      { heard: 'A story, please.', said: long },
      { heard: 'And now?', said: 'Now I answer.' },
    ];
    const story = await begin(model, { turns });
    await story.ask();
    await story.until('the story', () => story.room.heardMs > 600);
    story.session.interrupt();
    await story.until('silence', () => story.all('playback.cleared').length === 1);
    await story.ask();
    await story.until('the second answer', () => story.said.includes('Now I answer.'));
    await quiet(story);
    expect(story.messages('user').map(({ text }) => text)).toEqual(['A story, please.', 'And now?']);
  });
});

it.each(models)('%s calls a tool by voice and speaks about the result', async (model) => {
  const said = 'It is {{tool.celsius}} degrees.';
  const tool = { name: 'get_weather', arguments: { place: 'Paris' } };
  const story = await begin(model, { turns: [{ heard: 'The weather?', tool, said }] });
  await story.ask();
  await story.until('the answer', () => story.said.includes('18 degrees'));
  await quiet(story);
  expect(story.toolCalls).toEqual([{ place: 'Paris' }]);
});
