import { describe, expect, it } from 'vitest';
import { casts } from './dialect-casts.js';
import { Story, serveDialect } from './dialect-story.js';
import { openRelay } from './open-relay.js';

const long = 'And I go on talking about it for quite a while. '.repeat(6);
const turns = [
  { heard: 'Tell me something.', said: long },
  { heard: 'And then?', said: 'Then I stopped.' },
];
/** Those that keep the conversation themselves; to the others it is told again. */
const keepers = ['gemini', 'xai'];

describe('a connection that breaks in the middle of an answer', () => {
  it.each(Object.values(casts))('is made again with $dialect', { timeout: 30_000 }, async (cast) => {
    const server = await serveDialect(cast.dialect, { pace: 3, repeat: true, turns });
    const relay = await openRelay(server.url);
    const story = await Story.begin(cast, relay);
    await story.ask();
    await story.until('the reply', () => story.room.heardMs > 600);
    relay.cut();
    await story.until('the new connection', () => story.all('link.restored').length === 1);
    expect(story.all('link.lost')).toHaveLength(1);
    expect(story.all('link.restored')).toMatchObject([{ stateRestored: keepers.includes(cast.dialect) }]);
    const [before] = story.messages('assistant');
    expect(before).toMatchObject({ state: 'cut' });

    const answered = story.all('assistant.text.done').length;
    await story.ask();
    await story.until('the next answer', () => story.messages('assistant').length === 2);
    await story.until('its words', () => story.all('assistant.text.delta').length > answered + 2);
    // What had been said stays as it was, and nothing is told twice.
    expect(story.messages('assistant')[0]).toEqual(before);
    expect(story.messages('user')).toHaveLength(2);
    // xAI tells the whole conversation again; nothing of it is news.
    story.expectUnderstood(cast.dialect === 'xai' ? ['conversation.item.added'] : []);
    expect(await story.end()).toMatchObject({ exitCode: 0 });
  });

  it('ends the session with 6 where there is no server any more', async () => {
    const server = await serveDialect('gemini', { pace: 3, turns });
    const relay = await openRelay(server.url);
    const story = await Story.begin(casts.gemini, relay, { reconnectDelaysMs: [50, 50] });
    await story.ask();
    await story.until('the reply', () => story.room.heardMs > 600);
    relay.close();
    const ending = await story.session.ended;
    expect(ending.exitCode).toBe(6);
    expect(ending.message).toMatch(/connection was lost/i);
    expect(story.messages('assistant')).toMatchObject([{ state: 'cut' }]);
  });
});

describe('a connection that announces its end', () => {
  it('is left for a new one in a quiet moment, and Gemini remembers', { timeout: 30_000 }, async () => {
    const said = 'I am well.';
    const server = await serveDialect('gemini', {
      connectionLimitS: 8,
      turns: [
        { heard: 'How are you?', said },
        { heard: 'And then?', said: 'Then I stopped.' },
      ],
    });
    const story = await Story.begin(casts.gemini, server);
    await story.ask();
    await story.until('the answer', () => story.said.includes(said));
    await story.until('the new connection', () => story.all('link.restored').length === 1);
    expect(story.all('link.restored')).toMatchObject([{ stateRestored: true }]);
    await story.ask();
    await story.until('the second answer', () => story.said.includes('Then I stopped.'));
    await story.until('the end of the answer', () => story.session.state === 'listening');
    expect(story.messages('user').map(({ text }) => text)).toEqual(['How are you?', 'And then?']);
    expect(story.messages('assistant').map(({ text }) => text)).toEqual([said, 'Then I stopped.']);
    story.expectUnderstood();
    expect(await story.end()).toMatchObject({ exitCode: 0 });
  });
});
