import { describe, expect, test } from 'vitest';
import type { Limits } from '../../../src/contract/limits.js';
import type { Profile } from '../../../src/contract/profile.js';
import { ScriptedTalk } from '../support/scripted-talk.js';

function talking(limits: Limits = {}, profile: Partial<Profile> = {}): ScriptedTalk {
  return new ScriptedTalk(profile, { transcription: {} }, { limits }).feed({ type: 'user.text', text: 'go' });
}

/** A response that only calls, again and again. */
function round(talk: ScriptedTalk, number: number, calls = 1): ScriptedTalk {
  const callIds = Array.from({ length: calls }, (_, n) => `c${number}-${n}`);
  talk.call(`r${number}`, ...callIds);
  for (const callId of callIds) talk.result(callId);
  return talk.model({ type: 'response.done', responseId: `r${number}`, status: 'completed' });
}

function rounds(talk: ScriptedTalk, from: number, to: number, calls = 1): ScriptedTalk {
  for (let number = from; number <= to; number += 1) round(talk, number, calls);
  return talk;
}

const codes = (talk: ScriptedTalk) => talk.emitted('warning').map(({ code }) => code);

describe('a model that calls tools without end', () => {
  test('is announced after 15 rounds, and ends the session after 20, before it calls once more', () => {
    const talk = rounds(talking(), 1, 14);
    expect(codes(talk)).toEqual([]);
    round(talk, 15);
    expect(codes(talk)).toEqual(['limit.toolRounds.near']);
    rounds(talk, 16, 20);
    expect(talk.did('end')).toEqual([]);
    round(talk, 21);
    expect(codes(talk)).toEqual(['limit.toolRounds.near']);
    expect(talk.did('end')).toMatchObject([
      { ending: { exitCode: 8, reason: 'limit.toolRounds', message: 'Limit of 20 tool rounds reached.' } },
    ]);
    expect(talk.did('tool.run')).toHaveLength(20);
  });

  test('the user’s word begins another count, typed or spoken', () => {
    const talk = rounds(talking(), 1, 20).feed({ type: 'user.text', text: 'go on' });
    rounds(talk, 21, 40).turn('u');
    rounds(talk, 41, 60);
    expect(talk.did('end')).toEqual([]);
  });

  test('many calls of one answer are one round, however soon each has its result', () => {
    const talk = talking();
    for (let call = 0; call < 40; call += 1) talk.call('r', `c${call}`).result(`c${call}`);
    expect(talk.did('end')).toEqual([]);
    expect(codes(talk)).toEqual([]);
  });

  test('where one answer goes on after its calls, each call after a result is a round', () => {
    const talk = talking({ maxToolRounds: 3 }, { createAfterTool: false });
    for (let call = 0; call < 3; call += 1)
      talk.call('r', `a${call}`, `b${call}`).result(`a${call}`).result(`b${call}`);
    expect(talk.did('end')).toEqual([]);
    talk.call('r', 'one-more');
    expect(talk.did('end')).toMatchObject([{ ending: { message: 'Limit of 3 tool rounds reached.' } }]);
  });

  test('a limit of one says so in the singular', () => {
    const talk = rounds(talking({ maxToolRounds: 1 }), 1, 2);
    expect(talk.did('end')).toMatchObject([{ ending: { message: 'Limit of 1 tool round reached.' } }]);
  });

  test('calls of one answer have a limit, too', () => {
    const talk = talking({ maxCallsPerResponse: 2 }).call('r', 'a', 'b', 'c');
    expect(talk.did('tool.run').map(({ callId }) => callId)).toEqual(['a', 'b']);
    expect(talk.emitted('tool.cancelled')).toMatchObject([
      { callId: 'c', reason: 'more than 2 calls in one answer' },
    ]);
  });
});
