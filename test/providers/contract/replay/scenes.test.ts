import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { HistoryItem } from '../../../../src/contract/items.js';
import { findProvider } from '../../../../src/providers/registry.js';
import { loadCassettes } from './cassette.js';
import { ReplayedTalk } from './replayed-talk.js';

const cassettes = loadCassettes(fileURLToPath(new URL('scenes', import.meta.url)));

async function played(name: string): Promise<ReplayedTalk> {
  const cassette = cassettes.find((one) => one.name === name);
  if (cassette === undefined) throw new Error(`There is no scene ${name}.`);
  return new ReplayedTalk(await findProvider(cassette.provider), cassette).play();
}

function told(item: HistoryItem): string {
  return item.kind === 'tool'
    ? `${item.name} → ${item.output}`
    : `${item.role}: ${item.text} (${item.state})`;
}

const sentTypes = (talk: ReplayedTalk) => talk.sent.map((frame) => frame.type ?? Object.keys(frame).join());

/** What each scene shows, beyond what every recording must show. */
describe('scenes', () => {
  it('a silence that the server answers is not a user turn', async () => {
    const talk = await played('openai/idle-nudge');
    expect(talk.conversation.history.map(told)).toEqual([
      'user: Say yes. (done)',
      'assistant: Yes. (done)',
      'assistant: Hello? (done)',
    ]);
    expect(talk.get('user.transcript.done').map(({ typed }) => typed)).toEqual([true]);
  });

  it('interleaved messages keep their text', async () => {
    const talk = await played('openai/interleaved-messages');
    expect(talk.conversation.history.map(told)).toEqual([
      'user: Greet me twice. (done)',
      'assistant: Hej igen. (done)',
      'assistant: Ciao ancora. (done)',
    ]);
  });

  it('a result that is ready before its answer is over is sent after the answer', async () => {
    const talk = await played('azure/spoken-tool-round');
    expect(sentTypes(talk)).toEqual(['session.update', 'conversation.item.create', 'response.create']);
    expect(talk.conversation.history.map(told)).toEqual([
      'user: A table for four, please. (done)',
      'book_table → Table 7.',
      'assistant: Table seven. (done)',
    ]);
  });

  it('a voice without an id has a name', async () => {
    const talk = await played('azure/voice-live-shape');
    expect(talk.get('session.ready')).toMatchObject([{ voice: 'alloy' }]);
  });

  it('a turn that is sent faster than real time gets one answer', async () => {
    const talk = await played('xai/push-to-talk-fast');
    expect(sentTypes(talk)).toEqual([
      'session.update',
      'input_audio_buffer.commit',
      'input_audio_buffer.commit',
      'conversation.item.create',
      'response.create',
    ]);
  });

  it('complete transcripts do not change', async () => {
    const talk = await played('xai/late-snapshots');
    expect(talk.get('user.transcript.done').map(({ text }) => text)).toEqual(['Good evening, I am Ada.']);
  });

  it('a speech signal silences the answer before the server reports the interruption', async () => {
    const talk = await played('gemini/spoken-turn-3.8');
    const [first, second, third] = talk.get('speech.started').map(({ itemId }) => itemId);
    expect(new Set([first, second, third]).size).toBe(3);
    expect(talk.get('speech.stopped')).toHaveLength(3);
    const order = talk.emitted.map(({ type }) => type);
    const interrupted = talk.emitted.findIndex((e) => e.type === 'response.done' && e.status === 'cancelled');
    expect(order.filter((type) => type === 'playback.cleared')).toHaveLength(1);
    expect(order.indexOf('playback.cleared')).toBeLessThan(interrupted);
    expect(talk.get('response.done').map(({ status }) => status)).toEqual([
      'completed',
      'cancelled',
      'completed',
    ]);
    const users = talk.conversation.history.filter((item) => item.kind === 'message' && item.role === 'user');
    expect(users.map(told)).toEqual([
      'user: Is anybody there? (done)',
      'user: Tell me a story. (done)',
      'user: Stop. (done)',
    ]);
  });

  it('an interruption after all audio was sent separates the two turns', async () => {
    const talk = await played('gemini/barge-in-2.5');
    const users = talk.conversation.history.filter((item) => item.kind === 'message' && item.role === 'user');
    expect(users.map(told)).toEqual(['user: What is your name? (done)', 'user: I am Ada. (done)']);
  });
});
