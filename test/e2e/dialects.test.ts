import { describe, expect, it } from 'vitest';
import { type Cast, casts } from './dialect-casts.js';
import { Story, serveDialect } from './dialect-story.js';

const turns = [
  {
    heard: 'What is the weather in Paris?',
    tool: { name: 'get_weather', arguments: { place: 'Paris' } },
    said: `It is {{tool.celsius}} degrees in Paris. ${'And I go on talking about it for quite a while. '.repeat(6)}`,
  },
  { heard: 'Stop, what is the weather?', said: 'I have stopped.' },
];

/** Models that differ on the wire, beside each provider's default. */
const models: readonly Cast[] = [
  { ...casts.openai, model: 'gpt-realtime', warnings: ['model.retiring'] },
  { ...casts.gemini, model: 'gemini-2.5-flash-native-audio-preview-12-2025' },
  { ...casts.gemini, model: 'gemini-3.1-flash-live-preview' },
  { ...casts.gemini, model: 'gemini-3.8-live-extended-thinking' },
];

describe.each([...Object.values(casts), ...models])('$dialect $model', (cast) => {
  it('holds a spoken conversation with a tool call and an interruption', async () => {
    const server = await serveDialect(cast.dialect, { pace: 3, turns });
    const story = await Story.begin(cast, server);
    await story.ask();
    await story.until('the tool', () => story.all('tool.finished').length === 1);
    await story.until('the reply', () => story.room.heardMs > 600);
    await story.ask();
    await story.until('the interruption', () => story.all('playback.cleared').length === 1);
    await story.until('the second answer', () => story.said.includes('I have stopped.'));
    await story.until('the end of the answer', () => story.session.state === 'listening');

    expect(story.toolCalls).toEqual([{ place: 'Paris' }]);
    expect(story.room.rms).toBeGreaterThan(0.02);
    const [cleared] = story.all('playback.cleared');
    expect(cleared?.heardMs).toBeGreaterThan(500);
    expect(cleared?.heardMs).toBeLessThan(cleared?.receivedMs ?? 0);
    expect(story.messages('assistant')).toMatchObject([
      { state: 'cut', heardMs: cleared?.heardMs },
      { state: 'done', text: 'I have stopped.' },
    ]);
    expect(story.messages('user').map(({ text }) => text)).toEqual(turns.map(({ heard }) => heard));
    story.expectUnderstood();
    expect(story.all('warning').map(({ code }) => code)).toEqual(cast.warnings ?? []);
    expect(await story.end()).toMatchObject({ exitCode: 0 });
  });
});
