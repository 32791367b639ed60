import { describe, expect, it } from 'vitest';
import { meterBar } from '../../../src/terminal/screen/meter.js';
import { type Status, statusRows } from '../../../src/terminal/screen/status-line.js';
import { styles } from '../../../src/terminal/text/color.js';
import { widthOf } from '../../../src/terminal/text/wrap.js';

const status: Status = {
  state: 'speaking',
  input: 0,
  output: 1,
  latencyMs: 840,
  tokens: 12_345,
  cost: undefined,
  agent: undefined,
  provider: 'openai',
  model: 'gpt-realtime-2.1',
  manualTurns: true,
  typedText: true,
  typing: false,
  notice: undefined,
};

function rows(columns: number, change: Partial<Status> = {}): [string, string] {
  return statusRows({ ...status, ...change }, columns, styles(false));
}

describe('statusRows', () => {
  it('shows the agent and the cost, where they are known', () => {
    const [first] = rows(120, { agent: 'billing\x1b[1m', cost: '0.0123 USD' });
    expect(first).toBe(
      '● speaking  billing  mic ········  out ████████  0.8 s  12k tokens  0.0123 USD  openai · gpt-realtime-2.1',
    );
  });

  it('shows everything when there is room', () => {
    expect(rows(120)).toEqual([
      '● speaking  mic ········  out ████████  0.8 s  12k tokens  openai · gpt-realtime-2.1',
      'space talk · m mute · i interrupt · Enter type · ? help · q quit',
    ]);
  });

  it('offers no typing for a model that takes only speech', () => {
    expect(rows(120, { typedText: false })[1]).toBe('space talk · m mute · i interrupt · ? help · q quit');
  });

  it('leaves out the least important first', () => {
    expect(rows(60)[0]).toBe('● speaking  mic ········  out ████████  0.8 s  12k tokens');
    expect(rows(40)).toEqual([
      '● speaking  mic ····  out ████  0.8 s',
      'space talk · m mute · ? help · q quit',
    ]);
    expect(rows(16)).toEqual(['● speaking', 'space talk']);
  });

  it('is never wider than the terminal', () => {
    for (let columns = 16; columns <= 130; columns += 1) {
      for (const change of [
        {},
        { typing: true },
        { notice: '注意'.repeat(50) },
        { model: '模型'.repeat(40) },
      ]) {
        for (const row of rows(columns, change)) expect(widthOf(row)).toBeLessThanOrEqual(columns);
      }
    }
  });

  it('shows a slow answer in red, from one second on', () => {
    const row = (latencyMs: number): string => statusRows({ ...status, latencyMs }, 120, styles(true))[0];
    expect(row(999)).toContain('\x1b[32m1.0 s');
    expect(row(1000)).toContain('\x1b[31m1.0 s');
  });

  it('shows no meter without a device', () => {
    expect(rows(120, { input: null, output: null })[0]).toMatch(/^● speaking {2}0.8 s/);
  });
});

describe('meterBar', () => {
  it('rises with the level, in decibels, and always has its width', () => {
    expect(meterBar(0, 4)).toBe('····');
    expect(meterBar(1, 4)).toBe('████');
    expect(meterBar(10 ** (-30 / 20), 4)).toBe('██··');
    for (let level = 0; level <= 1; level += 0.01) expect(widthOf(meterBar(level, 8))).toBe(8);
  });
});
