import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { resolveInstructions } from '../../src/agents/instructions.js';

const context = { context: { plan: 'gold' }, agent: 'billing', language: 'de' };
const today = new Date(2026, 10, 21, 9, 5);

function resolve(given: Parameters<typeof resolveInstructions>[0], variables: Record<string, string> = {}) {
  return resolveInstructions(given, context, { variables, today });
}

describe('resolveInstructions', () => {
  it('fills in its own values and those of the program', async () => {
    const text = '{{name}} {{ agent }}, {{date}}, {{time}}, {{language}}: help {{customer}}.';
    expect(await resolve(text, { customer: 'Ms {{agent}}', name: 'Bill' })).toBe(
      'Bill billing, Saturday 21 November 2026, 09:05, de: help Ms {{agent}}.',
    );
  });

  it('leaves literal braces', async () => {
    expect(await resolve('Write {{{{x}} and {y}.')).toBe('Write {{x}} and {y}.');
  });

  it('names the nearest variable for an unknown one', async () => {
    await expect(resolve('Hi {{ langauge }}')).rejects.toMatchObject({
      exitCode: 3,
      message: 'There is no value for {{ langauge }} in the instructions of agent "billing".',
      hint: expect.stringContaining('Did you mean {{language}}? Known: agent, date, language, name, time.'),
    });
    await expect(resolve('{{constructor}}')).rejects.toThrow('{{constructor}}');
  });

  it('uses the result of a function as it is', async () => {
    expect(await resolve(async ({ agent }) => `{{${agent}}}`)).toBe('{{billing}}');
  });

  it('explains what is wrong with a function: it throws, is late, or returns no text', async () => {
    const failure = { code: 'instructions.invalid', exitCode: 3 };
    const broken = () => {
      throw new Error('no database');
    };
    await expect(resolve(broken)).rejects.toMatchObject({
      ...failure,
      message: 'The function for the instructions of agent "billing" failed: no database',
    });
    const counts = () => JSON.parse('42');
    await expect(resolve(counts)).rejects.toMatchObject(failure);
    await expect(resolve(JSON.parse('{}'))).rejects.toMatchObject(failure);
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const never = expect(resolve(() => new Promise(() => {}))).rejects.toMatchObject({
      exitCode: 3,
      message: 'the instructions of agent "billing" did not answer within 10 s.',
    });
    await vi.advanceTimersByTimeAsync(10_000);
    await never;
  });

  it('reads files as templates', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'voxterm-')), 'billing.md');
    await writeFile(file, '\uFEFFYou are {{agent}}.\n');
    expect(await resolve({ file })).toBe('You are billing.');
  });

  it('reads UTF-16, and refuses what it would get wrong', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'voxterm-'));
    const file = join(folder, 'utf-16.md');
    await writeFile(file, Buffer.from('\uFEFFGrüße {{agent}}.\r\n', 'utf16le'));
    expect(await resolve({ file })).toBe('Grüße billing.');
    await writeFile(file, Buffer.from('One.\nGr\xfc\xdfe.', 'latin1'));
    await expect(resolve({ file })).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('is not UTF-8 text (line 2)'),
      hint: 'Save it as UTF-8 in your editor.',
    });
  });

  it('names a file that cannot be read', async () => {
    await expect(resolve({ file: '/no/such/file.md' })).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('/no/such/file.md'),
    });
  });
});
