import { describe, expect, test } from 'vitest';
import { SelfHearing } from '../../../src/conversation/user/self-hearing.js';
import { ScriptedTalk } from '../support/scripted-talk.js';

/** The user, or the loudspeaker, interrupts an answer; this is what the microphone understood. */
function interrupted(talk: ScriptedTalk, round: number, heard: string): ScriptedTalk {
  const itemId = `u${round}`;
  talk.say(`r${round}`, `a${round}`, 'the weather in Bern is sunny today', 2000).rendered(`a${round}`, 1500);
  talk.turn(itemId).cleared(round, `a${round}`, 1500);
  talk.model({ type: 'response.done', responseId: `r${round}`, status: 'cancelled' });
  return talk.model({ type: 'user.transcript.done', itemId, text: heard });
}

describe('the assistant hears itself and interrupts itself', () => {
  test('two interruptions in a row with its own words mute the microphone while it speaks, once', () => {
    const talk = interrupted(new ScriptedTalk(), 1, 'weather in Bern');
    expect(talk.did('echo.half-duplex')).toEqual([]);
    interrupted(talk, 2, 'Bern is sunny');
    expect(talk.did('echo.half-duplex')).toHaveLength(1);
    expect(talk.emitted('warning')).toMatchObject([{ code: 'echo.self-hearing' }]);
    interrupted(talk, 3, 'the weather in Bern');
    expect(talk.did('echo.half-duplex')).toHaveLength(1);
  });

  test('a user who says something of his own is believed', () => {
    const talk = interrupted(new ScriptedTalk(), 1, 'weather in Bern');
    interrupted(talk, 2, 'no, stop, I meant Basel');
    interrupted(talk, 3, 'weather in Bern');
    expect(talk.did('echo.half-duplex')).toEqual([]);
  });

  test('whoever repeats the words later is not an echo', () => {
    const talk = new ScriptedTalk();
    for (const round of [1, 2, 3]) {
      talk.answer(`r${round}`, `a${round}`, 'it is sunny today', 500).rendered(`a${round}`, 500).wait(2500);
      talk
        .turn(`u${round}`)
        .model({ type: 'user.transcript.done', itemId: `u${round}`, text: 'sunny today' });
    }
    expect(talk.did('echo.half-duplex')).toEqual([]);
  });
});

test('one word proves nothing', () => {
  const hearing = new SelfHearing();
  for (const itemId of ['1', '2', '3']) {
    hearing.interrupted(itemId, 'yes of course');
    expect(hearing.heard(itemId, 'yes')).toBe(false);
  }
});

test('also without spaces between the words', () => {
  const hearing = new SelfHearing();
  hearing.interrupted('1', '今日はとても良い天気です');
  expect(hearing.heard('1', '良い天気です')).toBe(false);
  hearing.interrupted('2', '今日はとても良い天気です');
  expect(hearing.heard('2', '今日はとても')).toBe(true);
});
