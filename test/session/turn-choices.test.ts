import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openAudio } from '../../src/audio/decode.js';
import { talk } from '../docs/agents-sdk/talk.js';

const question = fileURLToPath(new URL('../fixtures/audio/question.wav', import.meta.url));
const silence = new Uint8Array(24_000 * 2);

/** The recording, and a second of silence after it. */
async function* speech(rateHz: number): AsyncIterable<Uint8Array> {
  const audio = await openAudio(question, { rateHz, env: {}, onWarning: () => {} });
  yield* audio.frames;
  yield silence;
}

const turns = [
  { heard: 'One?', said: 'First answer, which goes on for a little while.', pace: 1 },
  { heard: 'Two?', said: 'Second answer.' },
];

it('leaves a spoken turn alone until the program asks for its answer', async () => {
  const settings = { turnDetection: { type: 'server', createResponse: false } } as const;
  await talk({ settings, sound: 'virtual' }, turns, async ({ session, event, events }) => {
    for await (const pcm of speech(session.profile.inputRateHz)) session.sendAudio(pcm);
    await event('user.transcript.done', ({ text }) => text === 'One?');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(events.map(({ type }) => type)).not.toContain('response.started');
    expect(session.state).toBe('listening');
    session.respond();
    await event('assistant.text.done', ({ text }) => text.startsWith('First answer'));
    expect(events.filter(({ type }) => type === 'error' || type === 'warning')).toEqual([]);
  });
});

it('talks on while the user speaks, and then answers that, too', async () => {
  const settings = { turnDetection: { type: 'server', interruptResponse: false } } as const;
  await talk({ settings, sound: 'virtual' }, turns, async ({ session, event, events, wire }) => {
    for await (const pcm of speech(session.profile.inputRateHz)) session.sendAudio(pcm);
    await event('assistant.audio');
    for await (const pcm of speech(session.profile.inputRateHz)) session.sendAudio(pcm);
    await event('assistant.text.done', ({ text }) => text.startsWith('Second answer'));
    expect(events.map(({ type }) => type)).not.toContain('playback.cleared');
    // The server could not: the first answer was still going on.
    expect(wire.filter((line) => line.startsWith('→') && line.includes('response.create'))).toHaveLength(1);
    const answers = session.history.filter((item) => item.kind === 'message' && item.role === 'assistant');
    expect(answers).toHaveLength(2);
    expect(events.filter(({ type }) => type === 'error' || type === 'warning')).toEqual([]);
  });
});
