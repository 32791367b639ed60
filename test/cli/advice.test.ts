import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { adviceOn, advised, advisedCodes, advisedEnding } from '../../src/cli/advice.js';
import { reportFailure } from '../../src/cli/failure-report.js';
import { VoxtermError } from '../../src/contract/failure.js';
import { memoryIo } from '../commands/session/memory-io.js';
import { failures } from './failures.js';

const src = fileURLToPath(new URL('../../src/', import.meta.url));

describe('the command line', () => {
  it.each(failures)('says how to help with $what', async ({ provoke, advice }) => {
    const failure = await provoke();
    expect(adviceOn(failure)).toMatch(advice);
    expect(failure.hint ?? '').not.toMatch(advice);
    if (!(failure instanceof VoxtermError)) return;
    const { io, written } = memoryIo();
    reportFailure(failure, io, false);
    expect(written.stderr).toMatch(new RegExp(`^hint: .*${advice.source}`, 'm'));
  });

  it('leaves what it has nothing to add to', () => {
    expect(adviceOn({ code: 'x', hint: 'Do this.' })).toBe('Do this.');
    expect(adviceOn({ code: 'x' })).toBeUndefined();
    // Codes may be a server's.
    expect(adviceOn({ code: 'constructor', hint: 'Do this.' })).toBe('Do this.');
    expect(adviceOn({ code: 'x', hint: 'Change it', facts: { options: ['model', 'history'] } })).toBe(
      'Change it (--model, history).',
    );
    const event = { type: 'input.timeout', at: 1 } as const;
    expect(advised(event)).toBe(event);
  });

  it('advises on events and endings', () => {
    const words = { message: 'No.', hint: 'Choose another model.', facts: { options: ['model'] } };
    const hint = 'Choose another model (--model).';
    expect(advised({ type: 'error', at: 1, code: 'x', fatal: true, ...words })).toMatchObject({ hint });
    expect(advised({ type: 'warning', at: 1, code: 'x', ...words })).toMatchObject({ hint });
    expect(advisedEnding({ exitCode: 5, reason: 'refused', ...words })).toMatchObject({ ...words, hint });
  });
});

describe('the table', () => {
  /** The text of each folder of the library. */
  const folders = readdirSync(src, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'cli')
    .map(({ name }) =>
      readdirSync(join(src, name), { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.ts'))
        .map((path) => readFileSync(join(src, name, path), 'utf8'))
        .join('\n'),
    );

  /** As one text, or as a family and a name: `audio.${code}` and 'no-input'. */
  function isEmitted(code: string): boolean {
    const [family = '', ...name] = code.split('.');
    const pieces = [`\`${family}.\${`, `'${name.join('.')}'`];
    return folders.some(
      (text) =>
        text.includes(`'${code}'`) || (name.length > 0 && pieces.every((piece) => text.includes(piece))),
    );
  }

  it.each(advisedCodes)('advises on a code that is emitted: %s', (code) => {
    expect(isEmitted(code)).toBe(true);
  });

  it('would notice one that is not', () => {
    expect(isEmitted('audio.no-such-thing')).toBe(false);
    expect(isEmitted('nowhere')).toBe(false);
  });
});
