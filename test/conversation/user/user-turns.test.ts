import { describe, expect, test } from 'vitest';
import { ScriptedTalk } from '../support/scripted-talk.js';

describe('the user’s words came late or out of order', () => {
  test('a turn keeps its place from the moment it is committed', () => {
    const talk = new ScriptedTalk().turn('u').answer('r', 'a', 'hello', 100).rendered('a', 100);
    talk.model({ type: 'user.transcript.done', itemId: 'u', text: 'hi there' });
    expect(talk.conversation.history).toMatchObject([
      { itemId: 'u', role: 'user', text: 'hi there', state: 'done' },
      { itemId: 'a', role: 'assistant', text: 'hello', state: 'done' },
    ]);
  });

  test('nobody waits for words that the server says will not come, and they count if they come all the same', () => {
    const talk = new ScriptedTalk().model({ type: 'session.updated', transcribes: false }).turn('u');
    expect(talk.conversation.history).toMatchObject([{ itemId: 'u', state: 'untranscribed' }]);
    talk.model({ type: 'user.transcript.done', itemId: 'u', text: 'hi' });
    expect(talk.conversation.history).toMatchObject([{ text: 'hi', state: 'done' }]);
  });

  test('turns that are committed out of order stand where the server says', () => {
    const talk = new ScriptedTalk()
      .model({ type: 'input.committed', itemId: 'u1' })
      .answer('r', 'a', 'one', 10);
    talk.model({ type: 'input.committed', itemId: 'u2', previousItemId: 'u1' });
    expect(talk.conversation.history.map(({ itemId }) => itemId)).toEqual(['u1', 'u2', 'a']);
  });

  test('words of two turns do not mix', () => {
    const talk = new ScriptedTalk()
      .turn('u1')
      .turn('u2')
      .model(
        { type: 'user.transcript.delta', itemId: 'u2', delta: 'second' },
        { type: 'user.transcript.delta', itemId: 'u1', delta: 'first ' },
        { type: 'user.transcript.delta', itemId: 'u1', delta: 'turn' },
      );
    expect(talk.emitted('user.transcript.delta').map(({ itemId, text }) => [itemId, text])).toEqual([
      ['u2', 'second'],
      ['u1', 'first '],
      ['u1', 'first turn'],
    ]);
  });

  test('snapshots that replace what was heard before yield what is new', () => {
    const talk = new ScriptedTalk({ userTranscripts: 'replace' })
      .turn('u')
      .model(
        { type: 'user.transcript.updated', itemId: 'u', text: 'I want' },
        { type: 'user.transcript.updated', itemId: 'u', text: 'I want tea' },
        { type: 'user.transcript.updated', itemId: 'u', text: 'I want tea' },
        { type: 'user.transcript.updated', itemId: 'u', text: 'I won tea' },
      );
    expect(talk.emitted('user.transcript.delta').map(({ delta }) => delta)).toEqual([
      'I want',
      ' tea',
      'I won tea',
    ]);
  });

  test('words that never come leave a mark, not a gap for ever', () => {
    const talk = new ScriptedTalk().turn('u').wait(29_000);
    expect(talk.conversation.history[0]).toMatchObject({ state: 'pending' });
    expect(talk.wait(2000).conversation.history[0]).toMatchObject({ text: '', state: 'untranscribed' });
  });

  test('the words so far have to do when the rest fails', () => {
    const talk = new ScriptedTalk()
      .turn('u')
      .model(
        { type: 'user.transcript.delta', itemId: 'u', delta: 'so far ' },
        { type: 'user.transcript.failed', itemId: 'u', message: 'no more' },
        { type: 'user.transcript.failed', itemId: 'u', message: 'no more' },
      );
    expect(talk.conversation.history[0]).toMatchObject({ text: 'so far', state: 'done' });
    expect(talk.emitted('warning')).toMatchObject([{ code: 'transcript.failed', message: 'no more' }]);
  });

  test('a failure that comes after the words does not take them back', () => {
    const talk = new ScriptedTalk()
      .turn('u')
      .model({ type: 'user.transcript.done', itemId: 'u', text: 'tea' });
    talk.model({ type: 'user.transcript.failed', itemId: 'u', message: 'no more' });
    expect(talk.conversation.history[0]).toMatchObject({ text: 'tea', state: 'done' });
  });

  test('without transcription a spoken turn is there, without words, from the start', () => {
    const talk = new ScriptedTalk({}, {}).turn('u');
    expect(talk.conversation.history[0]).toMatchObject({ text: '', state: 'untranscribed' });
  });
});

describe('a turn never ended, or nobody answered it', () => {
  test('a committed turn without an answer is asked for again, once, with a word to the user', () => {
    const talk = new ScriptedTalk().turn('u').wait(7900);
    expect(talk.sent('response.create')).toEqual([]);
    expect(talk.wait(200).sent('response.create')).toHaveLength(1);
    expect(talk.emitted('warning')).toMatchObject([{ code: 'response.late' }]);
  });

  test('a cough that the server throws away is not answered', () => {
    const talk = new ScriptedTalk()
      .model({ type: 'speech.started' }, { type: 'speech.stopped' })
      .wait(20_000);
    expect(talk.sent('response.create')).toEqual([]);
    expect(talk.emitted('warning')).toEqual([]);
    expect(talk.conversation.state).toBe('listening');
  });

  test('a turn that is confirmed only after its answer began is not answered again', () => {
    const talk = new ScriptedTalk().model(
      { type: 'speech.started', itemId: 'u' },
      { type: 'speech.stopped', itemId: 'u' },
      { type: 'response.created', responseId: 'r' },
      { type: 'input.committed', itemId: 'u' },
    );
    talk.answer('r', 'a', 'yes', 100).rendered('a', 100).wait(20_000);
    expect(talk.sent('response.create')).toEqual([]);
    expect(talk.conversation.state).toBe('listening');
  });

  test('speech whose end is never reported does not hold the floor for ever', () => {
    const talk = new ScriptedTalk().model({ type: 'speech.started' }).wait(119_000);
    expect(talk.conversation.state).toBe('hearing');
    expect(talk.wait(2000).conversation.state).toBe('listening');
  });

  test('a cleared buffer ends the speech', () => {
    const talk = new ScriptedTalk().model({ type: 'speech.started' }, { type: 'input.cleared' });
    expect(talk.conversation.state).toBe('listening');
  });
});

describe('turns that the user ends by hand', () => {
  test('are answered when the server confirms that it has something', () => {
    const talk = new ScriptedTalk({ turns: 'none' }).feed({ type: 'user.speech' }, { type: 'user.commit' });
    expect(talk.sent('audio.commit')).toHaveLength(1);
    expect(talk.sent('response.create')).toEqual([]);
    expect(talk.conversation.state).toBe('thinking');
    talk.model({ type: 'input.committed', itemId: 'u' });
    expect(talk.sent('response.create')).toHaveLength(1);
  });

  test('a turn that we shall end says where it begins, before its sound; the key twice does no harm', () => {
    const talk = new ScriptedTalk({ turns: 'none' }).feed({ type: 'user.speech' }, { type: 'user.speech' });
    expect(talk.did('send').map(({ command }) => command.type)).toEqual(['turn.begin']);
  });

  test('what turned out to be no speech is taken back, once, and nobody waits for an answer', () => {
    const talk = new ScriptedTalk({ turns: 'none' }).feed({ type: 'user.discard' }, { type: 'user.speech' });
    talk.feed({ type: 'user.discard' }, { type: 'user.discard' });
    expect(talk.sent('audio.clear')).toHaveLength(1);
    expect(talk.emitted('speech.stopped')).toHaveLength(1);
    expect(talk.conversation.state).toBe('listening');
  });

  test('a turn that the server ends begins by itself', () => {
    expect(new ScriptedTalk().feed({ type: 'user.speech' }).sent('turn.begin')).toEqual([]);
  });

  test('a server that answers a turn without confirming it is not asked again, and nothing is missed', () => {
    const talk = new ScriptedTalk({ turns: 'none' }).feed({ type: 'user.speech' }, { type: 'user.commit' });
    talk.answer('r', 'a', 'hello', 100).rendered('a', 100).wait(20_000);
    expect(talk.sent('response.create')).toEqual([]);
    expect(talk.emitted('warning')).toEqual([]);
    expect(talk.conversation.state).toBe('listening');
  });

  test('a server that has confirmed turns is asked for each, whatever else it says meanwhile', () => {
    const talk = new ScriptedTalk({ turns: 'none' }).feed({ type: 'user.commit' });
    talk.model({ type: 'input.committed', itemId: 'u1' }).answer('r1', 'a1', 'one', 10).rendered('a1', 10);
    talk.feed({ type: 'user.commit' }).answer('r2', 'a2', 'one more thing', 10).rendered('a2', 10).forget();
    talk.model({ type: 'input.committed', itemId: 'u2' });
    expect(talk.sent('response.create')).toHaveLength(1);
  });

  test('what is the time from a turn ended by hand to its answer', () => {
    const talk = new ScriptedTalk({ turns: 'none' }).feed({ type: 'user.commit' }).wait(100);
    talk.model({ type: 'input.committed', itemId: 'u' }).wait(200).answer('r', 'a', 'hello', 100);
    expect(talk.emitted('response.done')).toMatchObject([{ firstAudioMs: 300 }]);
  });

  test('with nothing in them are said to be empty', () => {
    const talk = new ScriptedTalk({ turns: 'none' }).feed({ type: 'user.commit' });
    talk.model({
      type: 'error',
      code: 'input_audio_buffer_commit_empty',
      message: 'empty',
      fatal: false,
      source: 'provider',
      eventId: talk.sent('audio.commit')[0]?.eventId,
    });
    expect(talk.emitted('warning')).toMatchObject([{ code: 'input.empty' }]);
    expect(talk.emitted('error')).toEqual([]);
    expect(talk.conversation.state).toBe('listening');
  });

  test('that nobody confirms are given up', () => {
    const talk = new ScriptedTalk({ turns: 'none' }).feed({ type: 'user.commit' }).wait(19_000);
    // Some servers only answer, and think before they do.
    expect(talk.emitted('warning')).toEqual([]);
    talk.wait(2000);
    expect(talk.conversation.state).toBe('listening');
    expect(talk.emitted('warning')).toMatchObject([{ code: 'response.missing' }]);
  });

  test('that a server leaves out which confirms others are given up sooner', () => {
    const talk = new ScriptedTalk({ turns: 'none' }).feed({ type: 'user.commit' });
    talk.model({ type: 'input.committed', itemId: 'u1' }).answer('r', 'a', 'hello', 10).rendered('a', 10);
    talk.feed({ type: 'user.commit' }).wait(9000);
    expect(talk.emitted('warning')).toMatchObject([{ code: 'response.missing' }]);
  });

  test('and calls off at once are not answered', () => {
    const talk = new ScriptedTalk({ turns: 'none' }).feed(
      { type: 'user.commit' },
      { type: 'user.interrupt' },
    );
    talk.model({ type: 'input.committed', itemId: 'u' }).wait(10_000);
    expect(talk.sent('response.create')).toEqual([]);
  });
});

test('a typed message has its words at once and is answered', () => {
  const talk = new ScriptedTalk().feed({ type: 'user.text', text: 'hello' });
  expect(talk.sent('item.create')).toMatchObject([
    { item: { kind: 'message', role: 'user', text: 'hello' } },
  ]);
  expect(talk.emitted('user.transcript.done')).toMatchObject([{ text: 'hello', typed: true }]);
  expect(talk.sent('response.create')).toHaveLength(1);
});

test('what a model cannot take is refused in words', () => {
  const talk = new ScriptedTalk({ typedText: false, images: null }).feed(
    { type: 'user.text', text: 'hello' },
    { type: 'user.image', mime: 'image/png', data: new Uint8Array(1) },
  );
  expect(talk.emitted('warning').map(({ code }) => code)).toEqual(['text.unsupported', 'image.unsupported']);
  expect(talk.sent('item.create')).toEqual([]);
});

test('whoever types where nobody documents it is told so, once', () => {
  const talk = new ScriptedTalk({ typedTextNote: 'It may work.' }).feed(
    { type: 'user.text', text: 'one' },
    { type: 'user.text', text: 'two' },
  );
  expect(talk.emitted('warning')).toMatchObject([{ code: 'text.experimental', message: 'It may work.' }]);
  expect(talk.emitted('user.transcript.done').map(({ text }) => text)).toEqual(['one', 'two']);
});

describe('words that a server writes down again', () => {
  const said = (text: string) => ({ type: 'user.transcript.done', itemId: 'u', text }) as const;

  test.each([
    ['finally, again', said('Hello there')],
    ['as a correction', { type: 'user.transcript.updated', itemId: 'u', text: 'Hello there' } as const],
  ])('%s: history follows, and the end is told once', (_how, later) => {
    const talk = new ScriptedTalk().turn('u').model(said('Hello'), later);
    expect(talk.emitted('user.transcript.done').map(({ text }) => text)).toEqual(['Hello']);
    expect(talk.emitted('history.updated').at(-1)).toMatchObject({
      item: { itemId: 'u', text: 'Hello there' },
    });
    talk.forget().model(later);
    expect(talk.emitted('user.transcript.delta')).toEqual([]);
  });

  test('what grows is told as deltas', () => {
    const grown = (text: string) => ({ type: 'user.transcript.updated', itemId: 'u', text }) as const;
    const talk = new ScriptedTalk().turn('u').model(grown('Tell'), grown('Tell me'), grown('Tell me more'));
    expect(talk.emitted('user.transcript.delta').map(({ delta }) => delta)).toEqual(['Tell', ' me', ' more']);
  });
});
