import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import type { Effect } from '../../src/contract/effects.js';
import { ExitCode } from '../../src/contract/exit.js';
import type { Profile } from '../../src/contract/profile.js';
import { Conversation, type ConversationOptions } from '../../src/conversation/conversation.js';
import { profileVariants } from './support/profiles.js';
import { SimulatedTalk } from './support/simulated-talk.js';
import { type WildStep, wildOptions, wildSettings, wildSteps } from './support/wild-inputs.js';
import { Witness } from './support/witness.js';

type More = Pick<ConversationOptions, 'history' | 'historyLimit' | 'limits' | 'prices'>;

function newConversation(profile: Profile, more: More): Conversation {
  const settings = wildSettings;
  return new Conversation({ profile, settings, watchEcho: true, reconnects: true, agent: 'A', ...more });
}

const end: WildStep = {
  afterMs: 0,
  input: { type: 'end', ending: { exitCode: ExitCode.ok, reason: 'quit' } },
};

/** Runs the steps, held to everything that is always true. */
function run(profile: Profile, more: More, steps: readonly WildStep[], watched: boolean): Effect[][] {
  const conversation = newConversation(profile, more);
  const witness = new Witness(profile, conversation);
  let nowMs = 0;
  return steps.map(({ afterMs, input }) => {
    if (Number.isFinite(afterMs) && afterMs > 0) nowMs += afterMs;
    // A clock that goes backwards or breaks must not harm.
    const toldMs = Number.isFinite(afterMs) ? nowMs + Math.min(0, afterMs) : afterMs;
    if (watched) witness.before(input, nowMs);
    const effects = conversation.handle(input, toldMs);
    if (watched) witness.after(input, nowMs, effects);
    return effects;
  });
}

const variants = Object.entries<Profile>(profileVariants);

describe('whatever comes in, in whatever order', () => {
  test.each(variants)('every invariant holds with a server that has or does: %s', (_name, profile) => {
    fc.assert(
      fc.property(wildOptions, wildSteps, (more, steps) => {
        run(profile, more, [...steps, end, ...steps], true);
      }),
      { numRuns: 1200 },
    );
  });

  test('the same inputs give the same effects', () => {
    fc.assert(
      fc.property(fc.constantFrom(...variants), wildOptions, wildSteps, ([, profile], more, steps) => {
        assert.deepEqual(run(profile, more, steps, false), run(profile, more, steps, false));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('with a server that keeps to its rules, whatever the timing', () => {
  test.each(variants)('nobody is left waiting: %s', (_name, profile) => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const talk = new SimulatedTalk(seed, profile);
        talk.play(10);
        talk.checkSettled();
        talk.end();
      }),
      { numRuns: 200 },
    );
  });

  test.each(variants)('nor when the line breaks, and history goes on: %s', (_name, profile) => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const talk = new SimulatedTalk(seed, profile);
        talk.playOnBrokenLine(10, 3);
        talk.checkSettled();
        talk.end();
      }),
      { numRuns: 200 },
    );
  });

  test.each(variants)('nor with agents, permissions and guardrails: %s', (_name, profile) => {
    fc.assert(
      fc.property(fc.integer(), fc.boolean(), (seed, broken) => {
        const talk = new SimulatedTalk(seed, profile, {}, true);
        if (broken) talk.playOnBrokenLine(10, 2);
        else talk.play(10);
        talk.checkSettled();
        talk.end();
      }),
      { numRuns: 200 },
    );
  });
});

describe('what went wrong once', () => {
  test('a line broke while a call was under way to a server without items', () => {
    const talk = new SimulatedTalk(
      -2085022240,
      profileVariants['takes settings before sound only, and no text'],
    );
    talk.playOnBrokenLine(10, 3);
    talk.checkSettled();
    talk.end();
  });

  test('a message was typed that let a waiting handoff change the connection', () => {
    const profile: Profile = {
      ...profileVariants['detects no turns'],
      settingsChange: 'never',
      voiceChange: 'beforeAudio',
      truncation: 'server',
      deletesItems: false,
      cancelAnswersDone: false,
      acknowledgesItems: false,
      createAfterCommit: 'transcribed',
    };
    const talk = new SimulatedTalk(1195705349, profile, {}, true);
    talk.play(10);
    talk.checkSettled();
    assert(talk.log.some(({ effects }) => effects.some(({ type }) => type === 'reconnect')));
    talk.end();
  });
});
