import { describe, expect, it } from 'vitest';
import type { SessionSettings } from '../../../src/contract/settings.js';
import { Conversation } from '../../../src/conversation/conversation.js';
import { yandex } from '../../../src/providers/yandex/provider.js';

/** Codec and conversation together, with a fake clock. */
function talk(settings: SessionSettings) {
  const codec = yandex.codec({ model: yandex.defaultModel, env: {} });
  const profile = yandex.profile(yandex.defaultModel);
  const conversation = new Conversation({ profile, settings, watchEcho: false });
  const sent: string[] = [];
  let nowMs = 0;
  const feed = (input: Parameters<Conversation['handle']>[0]): void => {
    for (const effect of conversation.handle(input, nowMs)) {
      if (effect.type !== 'send') continue;
      for (const frame of codec.encode(effect.command)) sent.push(JSON.parse(String(frame)).type);
    }
  };
  const receive = (...frames: object[]) => {
    for (const frame of frames)
      for (const event of codec.decode(JSON.stringify(frame))) feed({ type: 'model', event });
  };
  const wait = (ms: number) => {
    for (const endMs = nowMs + ms; nowMs < endMs; ) {
      nowMs += 100;
      feed({ type: 'tick' });
    }
  };
  receive({ type: 'session.created', session: { id: 's' } }, { type: 'session.updated', session: {} });
  return { conversation, sent, feed, receive, wait };
}

const created = (id: string) => ({ type: 'response.created', response: { id } });
const delta = Buffer.from(new Int16Array(24_000).buffer).toString('base64');
const sound = (response_id: string, item_id: string) => [
  { type: 'response.output_text.delta', response_id, item_id, delta: 'Сегодня ясно.' },
  { type: 'response.output_audio.delta', response_id, item_id, delta },
];

describe('a conversation with Yandex', () => {
  it('continues if an interrupted answer never ends', () => {
    const { conversation, receive, wait } = talk({ transcription: {} });
    receive(created('r1'), ...sound('r1', 'a1'));
    expect(conversation.state).toBe('speaking');
    receive({ type: 'input_audio_buffer.speech_started', item_id: 'u1' });
    // Audio of the old answer that was still on its way is not played.
    receive(...sound('r1', 'a1'));
    expect(conversation.state).toBe('hearing');
    receive(
      { type: 'input_audio_buffer.speech_stopped', item_id: 'u1' },
      created('r2'),
      ...sound('r2', 'a2'),
      { type: 'response.output_audio.done', response_id: 'r2', item_id: 'a2' },
      { type: 'response.done', response: { id: 'r2', status: 'completed' } },
    );
    conversation.handle(
      { type: 'playback.rendered', parts: [{ itemId: 'a2', contentIndex: 0, samples: 24_000 }] },
      2000,
    );
    wait(3500);
    expect(conversation.state).toBe('listening');
  });

  it('continues even if no other answer follows', () => {
    const { conversation, receive, wait } = talk({ transcription: {} });
    receive(created('r1'), ...sound('r1', 'a1'));
    receive(
      { type: 'input_audio_buffer.speech_started', item_id: 'u1' },
      { type: 'input_audio_buffer.speech_stopped', item_id: 'u1' },
    );
    wait(5000);
    expect(conversation.state).toBe('listening');
  });

  it('asks for the answer to a turn that we end when its transcript is known', () => {
    const { sent, feed, receive, wait } = talk({ transcription: {}, turnDetection: { type: 'none' } });
    feed({ type: 'user.commit' });
    receive({ type: 'input_audio_buffer.committed', item_id: 'u1' });
    expect(sent).not.toContain('response.create');
    receive({
      type: 'conversation.item.input_audio_transcription.completed',
      item_id: 'u1',
      transcript: 'Который час?',
    });
    wait(300);
    expect(sent.filter((type) => type === 'response.create')).toHaveLength(1);
  });
});
