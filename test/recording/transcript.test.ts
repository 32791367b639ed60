import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HistoryItem } from '../../src/contract/items.js';
import { renderTranscript, transcriptFormat } from '../../src/recording/transcript.js';
import { writeTranscript } from '../../src/recording/transcript-file.js';

const items: readonly HistoryItem[] = [
  { kind: 'message', itemId: 'i1', role: 'user', text: 'What is the weather in Paris?', state: 'done' },
  {
    kind: 'tool',
    itemId: 'i2',
    callId: 'c1',
    name: 'get_weather',
    arguments: '{"place":\n "Paris"}',
    output: '{"sky":"clear"}',
    state: 'done',
  },
  { kind: 'message', itemId: 'i3', role: 'assistant', text: 'It is sunny', state: 'cut', heardMs: 900 },
  { kind: 'message', itemId: 'i4', role: 'user', text: '', state: 'untranscribed' },
  { kind: 'message', itemId: 'i5', role: 'assistant', text: '', state: 'unheard' },
  { kind: 'tool', itemId: 'i6', callId: 'c2', name: 'get_time', arguments: '{}', state: 'cancelled' },
];

describe('renderTranscript', () => {
  it('writes plain text, one line per item', () => {
    expect(renderTranscript(items, 'text')).toBe(
      [
        'You: What is the weather in Paris?',
        'Tool: get_weather({"place": "Paris"}) → {"sky":"clear"}',
        'Assistant: It is sunny (interrupted)',
        'You: (spoken, words unknown)',
        'Assistant: (interrupted before the first word)',
        'Tool: get_time({}) → cancelled',
        '',
      ].join('\n'),
    );
  });

  it('writes Markdown, one paragraph per item', () => {
    expect(renderTranscript(items.slice(0, 3), 'markdown')).toBe(
      [
        '# Conversation',
        '',
        '**You:** What is the weather in Paris?',
        '',
        '**Tool:** `get_weather({"place": "Paris"})` → `{"sky":"clear"}`',
        '',
        '**Assistant:** It is sunny *(interrupted)*',
        '',
      ].join('\n'),
    );
  });

  it('keeps words from becoming markup, and escape sequences from becoming colours', () => {
    const text = 'a *b* <i>c</i> [d](e)\n# f\n1. g \x1b[31mred\x1b[0m\u009b2J';
    const item: HistoryItem = { kind: 'message', itemId: 'i', role: 'assistant', text, state: 'done' };
    expect(renderTranscript([item], 'markdown')).toContain(
      '**Assistant:** a \\*b\\* \\<i\\>c\\</i\\> \\[d\\](e)  \n\\# f  \n\\1. g \\[31mred\\[0m2J\n',
    );
    expect(renderTranscript([item], 'text')).toBe(
      'Assistant: a *b* <i>c</i> [d](e)\n# f\n1. g [31mred[0m2J\n',
    );
  });

  it('fences code by more backticks than it holds', () => {
    const item: HistoryItem = {
      kind: 'tool',
      itemId: 'i',
      callId: 'c',
      name: 'run',
      arguments: '``x`',
      output: '',
      state: 'done',
    };
    expect(renderTranscript([item], 'markdown')).toContain('**Tool:** ``` run(``x`) ``` → `  `');
  });

  it('writes JSON with the items as they are', () => {
    expect(JSON.parse(renderTranscript(items, 'json'))).toEqual({ schema: 1, items });
  });

  it.each([
    ['talk.md', 'markdown'],
    ['talk.MARKDOWN', 'markdown'],
    ['talk.json', 'json'],
    ['talk.txt', 'text'],
    ['talk', 'text'],
  ])('chooses the format of %s', (path, format) => {
    expect(transcriptFormat(path)).toBe(format);
  });
});

describe('writeTranscript', () => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'voxterm-transcript-'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  it('replaces the file as a whole and leaves nothing else behind', () => {
    const path = join(directory, 'talk.txt');
    writeFileSync(path, 'older words');
    writeTranscript(path, items.slice(0, 1));
    expect(readFileSync(path, 'utf8')).toBe('You: What is the weather in Paris?\n');
    expect(readdirSync(directory)).toEqual(['talk.txt']);
  });

  it('writes through a link', () => {
    writeFileSync(join(directory, 'real.txt'), '');
    symlinkSync(join(directory, 'real.txt'), join(directory, 'link.txt'));
    writeTranscript(join(directory, 'link.txt'), items.slice(0, 1));
    expect(readFileSync(join(directory, 'real.txt'), 'utf8')).toBe('You: What is the weather in Paris?\n');
  });

  it.each([
    ['no/talk.md', 'output.no-directory'],
    ['', 'output.is-directory'],
  ])('explains what cannot be written: %j', (name, code) => {
    expect(() => writeTranscript(join(directory, name), items)).toThrow(
      expect.objectContaining({ code, exitCode: 2 }),
    );
    expect(readdirSync(directory)).toEqual([]);
  });
});
