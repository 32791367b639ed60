import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { GuardrailInput, GuardrailVerdict, OutputGuardrail } from '../../src/agents/guardrail.js';
import { GuardrailWatch } from '../../src/session/guardrail-watch.js';

/** A guardrail whose verdicts the test gives, one after the other. */
class SlowGuardrail implements OutputGuardrail {
  readonly seen: GuardrailInput[] = [];
  private readonly answers: ((verdict: GuardrailVerdict) => void)[] = [];

  constructor(
    readonly name: string,
    readonly debounceCharacters?: number,
  ) {}

  check(input: GuardrailInput): Promise<GuardrailVerdict> {
    this.seen.push(input);
    return new Promise((resolve) => this.answers.push(resolve));
  }

  async answer(verdict: GuardrailVerdict): Promise<void> {
    this.answers.shift()?.(verdict);
    await new Promise((resolve) => setImmediate(resolve));
  }

  get texts(): [string, boolean][] {
    return this.seen.map(({ text, complete }) => [text, complete]);
  }
}

function watch(guardrails: OutputGuardrail[], debounceCharacters?: number) {
  const tripped: unknown[] = [];
  const warnings: string[] = [];
  const team = { current: { name: 'one' }, guardrails };
  const watching = new GuardrailWatch(
    team,
    { context: { user: 7 }, guardrails: { debounceCharacters } },
    { feed: (input) => tripped.push(input), warn: (code, message) => warnings.push(`${code}: ${message}`) },
  );
  return {
    team,
    tripped,
    warnings,
    watching,
    says: (delta: string, itemId = 'a1', responseId = 'r1', contentIndex = 0) =>
      watching.heard({ type: 'assistant.text.delta', responseId, itemId, contentIndex, delta }),
    done: (text: string, itemId = 'a1', responseId = 'r1', contentIndex = 0) =>
      watching.heard({ type: 'assistant.text.done', responseId, itemId, contentIndex, text, spoken: true }),
    over: (responseId = 'r1') => watching.heard({ type: 'response.done', responseId, status: 'cancelled' }),
  };
}

describe('GuardrailWatch', () => {
  it('checks whenever so much has been said, and at the end, also when that comes first', async () => {
    const slow = new SlowGuardrail('slow', 10);
    const { says, done } = watch([slow]);
    says('12345');
    expect(slow.texts).toEqual([]);
    says('67890');
    expect(slow.texts).toEqual([['1234567890', false]]);
    await slow.answer(false);
    says('123');
    done('1234567890123');
    expect(slow.texts.slice(1)).toEqual([['1234567890123', true]]);
    expect(slow.seen[1]?.checkedCharacters).toBe(10);
    done('short', 'a2', 'r2');
    expect(slow.texts.slice(2)).toEqual([['short', true]]);
  });

  it('waits for 100 letters where nobody says otherwise, and for the end where it is told so', () => {
    const usual = new SlowGuardrail('usual');
    const late = new SlowGuardrail('late', -1);
    const { says, done } = watch([usual, late]);
    says('x'.repeat(99));
    expect(usual.seen).toHaveLength(0);
    says('x');
    expect(usual.seen).toHaveLength(1);
    expect(late.seen).toHaveLength(0);
    done('x'.repeat(100));
    expect(late.texts).toEqual([['x'.repeat(100), true]]);
  });

  it('runs each guardrail once at a time; afterwards with the latest words', async () => {
    const slow = new SlowGuardrail('slow', 1);
    const { says } = watch([slow]);
    for (const letter of 'abcd') says(letter);
    expect(slow.texts).toEqual([['a', false]]);
    await slow.answer(undefined);
    expect(slow.texts).toEqual([
      ['a', false],
      ['abcd', false],
    ]);
  });

  it('reads on over the border of two parts', () => {
    const slow = new SlowGuardrail('slow', 6);
    const { says } = watch([slow]);
    says('sec', 'a1', 'r1', 0);
    says('ret', 'a1', 'r1', 1);
    expect(slow.texts).toEqual([['secret', false]]);
  });

  it('trips with the words it was given, or with words of its own', async () => {
    const one = new SlowGuardrail('one', 1);
    const two = new SlowGuardrail('two', 1);
    const { says, tripped } = watch([one, two]);
    says('x');
    await one.answer({ tripped: true, message: 'No.', feedback: 'Stop.' });
    says('y', 'a2', 'r2');
    await two.answer(false);
    await two.answer(true);
    expect(tripped).toEqual([
      { type: 'guardrail.tripped', guardrail: 'one', responseId: 'r1', message: 'No.', feedback: 'Stop.' },
      {
        type: 'guardrail.tripped',
        guardrail: 'two',
        responseId: 'r2',
        message: 'The rule "two" does not allow what the assistant was saying.',
        feedback: expect.stringMatching(/"two".*Do not repeat/),
      },
    ]);
  });

  it('trips once per answer, and checks it no more', async () => {
    const slow = new SlowGuardrail('slow', 1);
    const { says, tripped, done } = watch([
      slow,
      { name: 'quick', debounceCharacters: 1, check: () => true },
    ]);
    says('a');
    expect(tripped).toMatchObject([{ guardrail: 'quick' }]);
    await slow.answer(true);
    says('b');
    done('ab');
    expect(tripped).toHaveLength(1);
    expect(slow.seen).toHaveLength(1);
  });

  it('lets a verdict count that comes when its answer has been interrupted', async () => {
    const slow = new SlowGuardrail('slow', 3);
    const { says, over, tripped } = watch([slow]);
    says('abcd');
    over();
    await slow.answer(false);
    expect(slow.texts).toEqual([
      ['abcd', false],
      ['abcd', true],
    ]);
    await slow.answer(true);
    expect(tripped).toMatchObject([{ responseId: 'r1' }]);
  });

  it('skips one that throws, and says so once', async () => {
    const broken: OutputGuardrail = {
      name: 'broken',
      debounceCharacters: 1,
      check: ({ text }) => {
        if (text.length === 1) throw new Error('no network');
        return Promise.reject(new Error('still no network'));
      },
    };
    const slow = new SlowGuardrail('slow', 1);
    const { says, warnings, tripped } = watch([broken, slow]);
    says('a');
    says('b');
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([
      'guardrail.failed: The guardrail "broken" failed and lets words pass: no network',
    ]);
    await slow.answer(true);
    expect(tripped).toMatchObject([{ guardrail: 'slow' }]);
  });

  it('tells a guardrail who speaks, and asks those who were there when the item began', async () => {
    const first = new SlowGuardrail('first', 1);
    const second = new SlowGuardrail('second', 1);
    const { says, team } = watch([first]);
    says('a');
    expect(first.seen[0]).toMatchObject({
      agent: 'one',
      context: { user: 7 },
      responseId: 'r1',
      itemId: 'a1',
    });
    team.current = { name: 'two' };
    team.guardrails = [second];
    await first.answer(false);
    says('b');
    says('c', 'a2', 'r2');
    expect(first.texts.at(-1)).toEqual(['ab', false]);
    expect(first.seen.at(-1)?.agent).toBe('one');
    expect(second.texts).toEqual([['c', false]]);
  });

  it('says at the end that nobody waits any more', async () => {
    const slow = new SlowGuardrail('slow', 1);
    const { says, watching, tripped } = watch([slow]);
    says('a');
    watching.close();
    expect(slow.seen[0]?.signal.aborted).toBe(true);
    await slow.answer(true);
    says('b');
    expect(tripped).toEqual([]);
    expect(slow.seen).toHaveLength(1);
  });

  it('gives up telling a model that is stopped again and again, until the user says something', () => {
    const { says, watching, tripped, warnings } = watch([
      { name: 'all', debounceCharacters: 1, check: () => true },
    ]);
    for (const answer of ['r1', 'r2', 'r3', 'r4']) says('x', answer, answer);
    expect(tripped).toMatchObject([
      { feedback: expect.any(String) },
      { feedback: expect.any(String) },
      { feedback: expect.any(String) },
      { responseId: 'r4', feedback: undefined },
    ]);
    expect(warnings).toEqual([
      'guardrail.hopeless: The assistant was stopped 4 times in a row, so it is not asked for another answer.',
    ]);
    watching.heard({
      type: 'history.updated',
      change: 'added',
      index: 0,
      item: { kind: 'message', itemId: 'u', role: 'user', text: 'Well?', state: 'done' },
    });
    says('x', 'r5', 'r5');
    expect(tripped.at(-1)).toMatchObject({ feedback: expect.any(String) });
  });

  it.each(['null', '"yes"', '{"tripped":"x"}', '{"then":5}'])(
    'lets words pass where a program without types returns %s',
    async (verdict) => {
      const odd = JSON.parse(verdict);
      const { says, tripped, warnings } = watch([
        { name: 'odd', debounceCharacters: 1, check: () => odd },
        { name: 'later', debounceCharacters: 1, check: async () => odd },
      ]);
      says('x');
      await new Promise((resolve) => setImmediate(resolve));
      expect({ tripped, warnings }).toEqual({ tripped: [], warnings: [] });
    },
  );

  it('says that one gives no verdict, and still takes it when it comes', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const slow = new SlowGuardrail('slow', 1);
    const { says, warnings, watching, tripped } = watch([slow]);
    says('x');
    vi.advanceTimersByTime(30_000);
    expect(warnings).toEqual([
      'guardrail.failed: The guardrail "slow" failed and lets words pass: no verdict for 30 s',
    ]);
    vi.useRealTimers();
    await slow.answer(true);
    expect(tripped).toHaveLength(1);
    watching.close();
  });
});
