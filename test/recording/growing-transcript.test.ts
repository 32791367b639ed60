import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { HistoryItem } from '../../src/contract/items.js';
import { GrowingTranscript } from '../../src/recording/growing-transcript.js';
import { renderTranscript } from '../../src/recording/transcript.js';

function said(text: string, itemId = text): HistoryItem {
  return { kind: 'message', itemId, role: 'user', text, state: 'done' };
}

it('is what a transcript written as a whole would be, after each change', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'transcript-')), 'transcript.md');
  const transcript = new GrowingTranscript(path);
  const items: HistoryItem[] = [];
  const check = (): void => {
    transcript.write(items);
    expect(readFileSync(path, 'utf8')).toBe(renderTranscript(items, 'markdown'));
  };
  check();
  for (const text of ['one', 'zwölf', 'three']) {
    items.push(said(text));
    check();
  }
  items[1] = said('two', 'zwölf');
  check();
  items.splice(1, 1);
  check();
  items.splice(0, 0, said('zero'));
  check();
  items.length = 0;
  check();
  transcript.close();
  transcript.close();
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('takes no longer for the last turn of a long talk than for the first', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'transcript-')), 'transcript.md');
  const transcript = new GrowingTranscript(path);
  const items = Array.from({ length: 20_000 }, (_, index) => said(`turn ${index}`));
  transcript.write(items);
  const beganMs = performance.now();
  for (let turn = 0; turn < 20; turn += 1) {
    items.push(said(`more ${turn}`));
    transcript.write(items);
  }
  expect((performance.now() - beganMs) / 20).toBeLessThan(5);
  transcript.close();
});
