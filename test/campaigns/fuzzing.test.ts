import { describe, expect, it } from 'vitest';
import { byteTarget, jsonTarget, textTarget } from '../../campaigns/fuzzing/inputs.js';
import { targetNames } from '../../campaigns/fuzzing/load-targets.js';
import { runTarget } from '../../campaigns/fuzzing/run-target.js';
import { Watchdog } from '../../campaigns/fuzzing/watchdog.js';
import { Random } from '../../src/testing/contract/random.js';

const watchdog = new Watchdog();

describe('fuzzing', () => {
  it('finds a reader that trusts a field, and says how to repeat it', async () => {
    const target = jsonTarget({
      about: 'a reader that trusts a field',
      seeds: [{ list: [{ name: 'a' }] }],
      check: (text) => {
        let value: unknown;
        try {
          value = JSON.parse(text);
        } catch {
          return;
        }
        // @ts-expect-error the mistake that is to be found
        for (const { name } of value.list) name.length;
      },
    });
    const run = { name: 'trusting', target, seed: 1, forMs: 60_000, watchdog };
    const { findings, inputs } = await runTarget({ ...run, inputs: 1000 });
    expect(inputs).toBeLessThan(1000);
    const at = Number(/npm run fuzz -- trusting --seed 1 --at (\d+)/.exec(findings[0] ?? '')?.[1]);
    const again = await runTarget({ ...run, from: at, inputs: 1 });
    expect(again.findings).toHaveLength(1);
    expect(again.findings[0]?.split('again:')[1]).toBe(findings[0]?.split('again:')[1]);
  });

  it('reports promises that are broken, and inputs that take long', async () => {
    const target = textTarget({
      about: 'slow, then refused',
      seeds: ['a'],
      check: async () => {
        const until = performance.now() + 1100;
        while (performance.now() < until);
        await Promise.reject(new Error('refused'));
      },
    });
    const { findings } = await runTarget({
      name: 'slow',
      target,
      seed: 1,
      forMs: 60_000,
      inputs: 1,
      watchdog,
    });
    expect(findings).toEqual([
      expect.stringContaining('refused'),
      expect.stringContaining('allowed are 1000 ms'),
    ]);
  });

  it('makes the same inputs from the same seed, and others from another', () => {
    const targets = [
      jsonTarget({ about: '', seeds: [{ a: [1, 'b'] }, { c: null }], check: () => {} }),
      textTarget({ about: '', seeds: ['a = 1'], words: ['='], check: () => {} }),
      byteTarget({ about: '', seeds: [Buffer.from('RIFF1234')], check: () => {} }),
    ];
    for (const target of targets) {
      const made = (seed: number) =>
        Array.from({ length: 50 }, (_, n) => target.attempt(new Random(seed + n)).shown);
      expect(made(7)).toEqual(made(7));
      expect(made(7)).not.toEqual(made(1007));
      expect(new Set(made(7)).size).toBeGreaterThan(40);
    }
  });

  it('has a target for every dialect of which there are golden frames', () => {
    for (const dialect of ['azure', 'beta', 'dashscope', 'gemini', 'openai', 'volcengine', 'xai', 'yandex']) {
      expect(targetNames).toContain(`frames-${dialect}`);
    }
  });
});
