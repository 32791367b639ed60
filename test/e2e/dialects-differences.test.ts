import { describe, expect, it } from 'vitest';
import { type Cast, casts } from './dialect-casts.js';
import { Story, serveDialect } from './dialect-story.js';

const long = 'And I go on talking about it for quite a while. '.repeat(6);
const spoken = [
  { heard: 'Tell me something.', said: long },
  { heard: 'Stop.', said: 'I have stopped.' },
];

/** A question, an answer that is interrupted, and the answer to the interruption. */
async function interrupted(story: Story): Promise<void> {
  await story.ask();
  await story.until('the reply', () => story.room.heardMs > 600);
  await story.ask();
  await story.until('the interruption', () => story.all('playback.cleared').length === 1);
  await story.until('the second answer', () => story.said.includes('I have stopped.'));
  await story.until('the end of the answer', () => story.session.state === 'listening');
  expect(story.messages('assistant')).toMatchObject([{ state: 'cut' }, { state: 'done' }]);
  expect(story.messages('user').map(({ text }) => text)).toEqual(['Tell me something.', 'Stop.']);
  story.expectUnderstood();
}

describe('our own detector finds the turns', () => {
  it.each([casts.openai, casts.gemini, casts.yandex])('of $dialect', async (cast) => {
    const server = await serveDialect(cast.dialect, { pace: 3, turns: spoken });
    const settings = { ...cast.settings, turnDetection: { type: 'client' as const, silenceMs: 500 } };
    const story = await Story.begin({ ...cast, settings }, server);
    await interrupted(story);
    expect(story.all('speech.started')).toHaveLength(2);
    expect(await story.end()).toMatchObject({ exitCode: 0 });
  });
});

describe('turns are ended by hand', () => {
  const { beta, azure, gemini, dashscope, volcengine, xai } = casts;

  it.each([beta, azure, gemini, dashscope, volcengine, xai])('with $dialect', async (cast) => {
    const server = await serveDialect(cast.dialect, { pace: 3, turns: spoken });
    const settings = { ...cast.settings, turnDetection: { type: 'none' as const } };
    const story = await Story.begin({ ...cast, settings }, server);
    expect(story.session.toggleTalk()).toBe(true);
    await story.ask();
    expect(story.session.toggleTalk()).toBe(false);
    await story.until('the reply', () => story.room.heardMs > 600);
    // The key is also the interruption.
    expect(story.session.toggleTalk()).toBe(true);
    await story.until('the interruption', () => story.all('playback.cleared').length === 1);
    await story.ask();
    story.session.toggleTalk();
    await story.until('the second answer', () => story.said.includes('I have stopped.'));
    await story.until('the end of the answer', () => story.session.state === 'listening');
    expect(story.messages('assistant')).toMatchObject([{ state: 'cut' }, { state: 'done' }]);
    story.expectUnderstood();
    expect(await story.end()).toMatchObject({ exitCode: 0 });
  });
});

describe('a typed message', () => {
  const turns = [{ when: 'name', said: 'Nobody told me.' }];

  it.each(Object.values(casts).filter(({ dialect }) => dialect !== 'volcengine'))(
    'is answered by $dialect',
    async (cast) => {
      const server = await serveDialect(cast.dialect, { turns });
      const story = await Story.begin(cast, server);
      story.session.sendText('What is my name?');
      await story.until('the answer', () => story.said.includes('Nobody told me.'));
      await story.until('the end of the answer', () => story.session.state === 'listening');
      expect(story.messages('user')).toMatchObject([{ text: 'What is my name?' }]);
      story.expectUnderstood();
      expect(await story.end()).toMatchObject({ exitCode: 0 });
    },
  );

  it('is not taken by volcengine, and the user is told', async () => {
    const server = await serveDialect('volcengine', { turns });
    const story = await Story.begin(casts.volcengine, server);
    story.session.sendText('What is my name?');
    expect(story.all('warning').at(-1)).toMatchObject({ code: 'text.unsupported' });
    expect(story.messages('user')).toEqual([]);
    expect(await story.end()).toMatchObject({ exitCode: 0 });
  });
});

describe('a tool that takes its time', () => {
  const call = { name: 'get_weather', arguments: { place: 'Paris' } };

  it('is called off by Gemini when the user speaks', async () => {
    const turns = [
      { heard: 'What is the weather in Paris?', tool: call, said: 'Never.' },
      { heard: 'Stop.', said: 'I have stopped.' },
    ];
    const server = await serveDialect('gemini', { pace: 3, turns });
    const story = await Story.begin(casts.gemini, server, { toolMs: 8000 });
    await story.ask();
    await story.until('the tool', () => story.toolCalls.length === 1);
    await story.ask();
    await story.until('the second answer', () => story.said.includes('I have stopped.'));
    await story.until('the end of the answer', () => story.session.state === 'listening');
    expect(story.all('tool.cancelled')).toMatchObject([{ name: 'get_weather' }]);
    expect(story.session.history).toMatchObject([
      { role: 'user' },
      { kind: 'tool', state: 'cancelled' },
      { role: 'user' },
      { role: 'assistant', text: 'I have stopped.' },
    ]);
    story.expectUnderstood();
  });

  it('need not keep Gemini waiting', async () => {
    const turns = [
      {
        heard: 'What is the weather in Paris?',
        say: 'One moment.',
        tool: call,
        said: 'It is {{tool.celsius}} degrees.',
      },
    ];
    const server = await serveDialect('gemini', { pace: 3, turns });
    const story = await Story.begin(casts.gemini, server, { toolMs: 3000, blocking: false });
    await story.ask();
    await story.until('the filler', () => story.said.includes('One moment.'));
    await story.until('the tool', () => story.all('tool.finished').length === 1);
    await story.until('the answer', () => story.said.includes('It is 18 degrees.'));
    await story.until('the end of the answer', () => story.session.state === 'listening');
    const spoken = story.events.flatMap((event) =>
      event.type === 'tool.finished' ? ['tool'] : event.type === 'assistant.text.done' ? [event.text] : [],
    );
    expect(spoken).toEqual(['One moment.', 'tool', 'It is 18 degrees.']);
    expect(story.messages('user')).toHaveLength(1);
    story.expectUnderstood();
  });
});

describe('a model without tools', () => {
  const turns = [{ heard: 'Hello.', said: 'Hello to you.' }];
  const bot: Cast = { ...casts.volcengine, options: { bot: 'my-bot' } };
  const deaf: Cast = { ...casts.dashscope, model: 'qwen3-omni-flash-realtime' };

  it.each([bot, deaf])('of $dialect says so before the first word, and talks all the same', async (cast) => {
    const server = await serveDialect(cast.dialect, { turns });
    const story = await Story.begin(cast, server);
    await story.ask();
    await story.until('the answer', () => story.said.includes('Hello to you.'));
    await story.until('the end of the answer', () => story.session.state === 'listening');
    expect(story.all('warning').map(({ code }) => code)).toContain('tools.unavailable');
    expect(story.warnings.join()).toContain('get_weather');
    expect(story.toolCalls).toEqual([]);
    story.expectUnderstood();
    expect(await story.end()).toMatchObject({ exitCode: 0 });
  });
});

describe('what the user says', () => {
  it('is not written down by Azure without a deployment for it, and the user is told', async () => {
    const server = await serveDialect('azure', { turns: [{ heard: 'Hello.', said: 'Hello to you.' }] });
    const story = await Story.begin({ ...casts.azure, settings: {} }, server);
    await story.ask();
    await story.until('the answer', () => story.said.includes('Hello to you.'));
    await story.until('the end of the answer', () => story.session.state === 'listening');
    expect(story.all('warning')).toMatchObject([
      { code: 'transcription.unavailable', hint: expect.stringMatching(/deployment/) },
    ]);
    expect(story.messages('user')).toMatchObject([{ text: '', state: 'untranscribed' }]);
    story.expectUnderstood();
  });

  it('is not written down by Azure where the deployment does not exist, and the turn works', async () => {
    const server = await serveDialect('azure', { turns: [{ heard: 'Hello.', said: 'Hello to you.' }] });
    const settings = { transcription: { model: 'no-deployment' } };
    const story = await Story.begin({ ...casts.azure, settings }, server);
    await story.ask();
    await story.until('the answer', () => story.said.includes('Hello to you.'));
    await story.until('the end of the answer', () => story.session.state === 'listening');
    expect(story.warnings.join()).toMatch(/no-deployment|deployment/);
    expect(story.all('error')).toEqual([]);
  });
});
