import { describe, expect, test } from 'vitest';
import { Playback } from '../../../src/conversation/speech/playback.js';
import { fullProfile } from '../support/profiles.js';
import { ScriptedTalk, sound } from '../support/scripted-talk.js';

const key = { itemId: 'a', contentIndex: 0 };

describe('old sound leaked in after an interruption', () => {
  test('ten seconds that came in a burst are cleared at once, and nothing of that answer is played again', () => {
    const talk = new ScriptedTalk().turn('u');
    for (let delta = 0; delta < 20; delta += 1) talk.say('r', 'a', '', 500);
    talk.rendered('a', 300).forget();
    talk.model({ type: 'speech.started', itemId: 'u2' });
    expect(talk.effects[0]).toMatchObject({ type: 'emit', event: { type: 'speech.started' } });
    expect(talk.did('playback.clear')).toEqual([{ type: 'playback.clear', epoch: 1 }]);
    talk.say('r', 'a', '', 500).model({ type: 'response.done', responseId: 'r', status: 'cancelled' });
    talk.say('r', 'a', '', 500).say('r', 'b', '', 500);
    expect(talk.did('play')).toEqual([]);
  });

  test.each([
    ['a key', { type: 'user.interrupt' }],
    ['the talk key', { type: 'user.speech' }],
    ['a typed message', { type: 'user.text', text: 'stop' }],
  ] as const)('%s silences it as well', (_name, input) => {
    const talk = new ScriptedTalk().turn('u').say('r', 'a', '', 500).forget().feed(input);
    expect(talk.did('playback.clear')).toHaveLength(1);
    expect(talk.sent('response.cancel')).toMatchObject([{ responseId: 'r' }]);
    talk.forget().say('r', 'a', '', 500);
    expect(talk.did('play')).toEqual([]);
  });

  test('speech that begins again without having ended silences it, too', () => {
    const talk = new ScriptedTalk().model({ type: 'speech.started', itemId: 'u' }).say('r', 'a', '', 500);
    talk.forget().model({ type: 'speech.started', itemId: 'u2' });
    expect(talk.did('playback.clear')).toHaveLength(1);
  });

  test('the next answer plays, also while the player has not confirmed the silence yet', () => {
    const talk = new ScriptedTalk().turn('u').say('r', 'a', 'one', 500).turn('u2').forget();
    talk.say('r2', 'b', 'two', 500).cleared(1, 'a', 200);
    expect(talk.did('play')).toMatchObject([{ itemId: 'b' }]);
    talk.model({ type: 'speech.started', itemId: 'u3' }).cleared(2, 'b', 100);
    expect(talk.sent('item.truncate')).toMatchObject([
      { itemId: 'a', audioEndMs: 200 },
      { itemId: 'b', audioEndMs: 100 },
    ]);
  });

  test('between the last sound received and the last one heard an interruption still cuts', () => {
    const talk = new ScriptedTalk()
      .turn('u')
      .answer('r', 'a', 'one two three four', 2000)
      .rendered('a', 1500);
    talk
      .feed({ type: 'playback.drained' })
      .model({ type: 'speech.started', itemId: 'u2' })
      .cleared(1, 'a', 1600);
    expect(talk.sent('item.truncate')).toMatchObject([{ audioEndMs: 1600 }]);
  });
});

describe('accounting when sound is choppy', () => {
  test('odd bytes never reach the player, and what it counts is what was received', () => {
    const talk = new ScriptedTalk().turn('u');
    const audio = new Uint8Array(4801);
    talk.model({ type: 'audio.delta', responseId: 'r', ...key, audio: new Uint8Array(1) });
    talk.model({ type: 'audio.delta', responseId: 'r', ...key, audio });
    expect(talk.did('play').map((effect) => effect.audio.byteLength)).toEqual([4800]);
    expect(talk.emitted('assistant.audio')).toMatchObject([{ bytes: 4800 }]);
  });

  test('running dry in the middle of an answer is not its end', () => {
    const talk = new ScriptedTalk().turn('u').say('r', 'a', 'one ', 200).rendered('a', 200);
    talk.feed({ type: 'playback.drained' });
    talk.say('r', 'a', 'two', 200).rendered('a', 300);
    talk.model({ type: 'speech.started', itemId: 'u2' }).cleared(1, 'a', 350);
    expect(talk.sent('item.truncate')).toMatchObject([{ audioEndMs: 350 }]);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, -1])('a device that counts %d harms nobody', (samples) => {
    const playback = new Playback();
    playback.receive('r', key, 100, 0);
    playback.render([{ ...key, samples: 40 }], 0);
    playback.render([{ ...key, samples }], 0);
    expect(playback.finishClear(playback.startClear(0) ?? 0, [])).toMatchObject([
      { rendered: 40, received: 100 },
    ]);
  });

  test('counters never run backwards and never above what was received', () => {
    const playback = new Playback();
    playback.receive('r', key, 100, 0);
    for (const samples of [60, 30, 500]) playback.render([{ ...key, samples }], 0);
    const [part] = playback.finishClear(playback.startClear(0) ?? 0, [{ ...key, samples: 10 }]);
    expect(part).toMatchObject({ rendered: 100, received: 100 });
  });

  test('an answer from a player that never confirms the silence is cut where it last was', () => {
    const talk = new ScriptedTalk().turn('u').say('r', 'a', 'one two', 1000).rendered('a', 400);
    talk.model({ type: 'speech.started', itemId: 'u2' }).wait(1000);
    expect(talk.sent('item.truncate')).toMatchObject([{ audioEndMs: 400 }]);
    talk.cleared(1, 'a', 430);
    expect(talk.sent('item.truncate')).toHaveLength(1);
  });
});

test('a clear that nobody asked for changes nothing', () => {
  const playback = new Playback();
  playback.receive('r', key, 100, 0);
  expect(playback.finishClear(7, [{ ...key, samples: 50 }])).toEqual([]);
  expect(playback.sounding).toBe(true);
});

test('nothing plays, nothing to clear', () => {
  expect(new Playback().startClear(0)).toBeUndefined();
  const talk = new ScriptedTalk().feed({ type: 'user.interrupt' });
  expect(talk.effects).toEqual([]);
});

test('bytes become samples at two bytes each', () => {
  expect(sound(1000).byteLength).toBe(fullProfile.outputRateHz * 2);
});
