import assert from 'node:assert/strict';
import { describe, test } from 'vitest';
import { fullProfile, profileVariants } from '../support/profiles.js';
import { SimulatedTalk } from '../support/simulated-talk.js';

/** So many timings of the user, the network, the model and the tool. */
const races = 1000;
/** Of the same with a server that says less. */
const fewerRaces = 250;

function eachRace(run: (seed: number) => void, most = races): void {
  for (let seed = 0; seed < most; seed += 1) {
    try {
      run(seed);
    } catch (error) {
      throw new Error(`Timing ${seed} goes wrong.`, { cause: error });
    }
  }
}

/** The first answer calls a tool, whose result comes around the time when the user speaks again. */
const callsOnce = (response: number) => response === 1;

describe('a tool result raced the turn that the server was about to answer', () => {
  test('1,000 timings: one create in flight, no call unanswered, nothing answered twice', () => {
    let called = 0;
    eachRace((seed) => {
      // A server that says when a response begins and why: otherwise nobody can know what it knew.
      const talk = new SimulatedTalk(seed, fullProfile, {
        announces: true,
        echoes: true,
        callsTools: callsOnce,
      });
      talk.race();
      talk.checkSettled();
      talk.checkNothingDoubled();
      called += talk.server.calls.size;
    });
    assert(called >= races, 'there was something to race');
  });

  test.each([
    ['does not say which create a response answers', fullProfile, { announces: true, echoes: false }],
    ['does not even say that a response begins', fullProfile, { announces: false, echoes: false }],
    ['confirms no items', profileVariants['acknowledges no items'], { announces: true, echoes: true }],
    ['goes on by itself', profileVariants['goes on after tools'], { announces: true, echoes: false }],
  ])('250 timings with a server that %s: no call unanswered, nobody left waiting', (_what, profile, says) => {
    eachRace((seed) => {
      const talk = new SimulatedTalk(seed, profile, { ...says, callsTools: callsOnce });
      talk.race();
      talk.checkSettled();
    }, fewerRaces);
  });

  test('1,000 timings with handoffs, permissions and guardrails in between', () => {
    eachRace((seed) => {
      const says = { announces: true, echoes: true, callsTools: callsOnce };
      const talk = new SimulatedTalk(seed, fullProfile, says, true);
      talk.race();
      talk.checkSettled();
      talk.end();
    });
  });
});
