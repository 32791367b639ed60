import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VoxtermError } from '../../src/contract/failure.js';
import type { HistoryItem } from '../../src/contract/items.js';
import { historyToMarkdown } from '../../src/history/history-markdown.js';
import { readHistory } from '../../src/history/read-history.js';
import { saveHistory } from '../../src/history/save-history.js';
import { historyToJson } from '../../src/history/saved-history.js';

const meta = {
  savedAt: new Date('2026-03-01T12:00:00Z'),
  provider: 'local',
  model: 'local',
  agent: 'billing',
};

const talk: HistoryItem[] = [
  { kind: 'message', itemId: 'u1', role: 'user', text: 'What is the weather?', state: 'done' },
  {
    kind: 'tool',
    itemId: 't1',
    callId: 'c1',
    name: 'weather',
    arguments: '{"city":"Bonn"}',
    output: '```\nrain\n```',
    state: 'done',
  },
  { kind: 'message', itemId: 'a1', role: 'assistant', text: 'It rains in', state: 'cut', heardMs: 1240 },
  { kind: 'message', itemId: 'u2', role: 'user', text: '', state: 'untranscribed' },
  {
    kind: 'message',
    itemId: 'a2',
    role: 'assistant',
    text: '<b>*Fine*</b>\n# so',
    state: 'done',
    heardMs: 2000,
  },
  { kind: 'tool', itemId: 't2', callId: 'c2', name: 'mail', arguments: '{}', state: 'cancelled' },
];

function failure(content: string): VoxtermError {
  try {
    readHistory(content, 'talk.json');
  } catch (error) {
    if (error instanceof VoxtermError) return error;
  }
  throw new Error('was read');
}

describe('JSON', () => {
  test('comes back as it was written, what was interrupted as it was heard', () => {
    expect(readHistory(historyToJson(talk, meta), 'talk.json')).toEqual({ items: talk, agent: 'billing' });
    expect(JSON.parse(historyToJson(talk, meta))).toMatchObject({
      format: 'voxterm-history',
      version: 1,
      savedAt: '2026-03-01T12:00:00.000Z',
      provider: 'local',
    });
  });

  test('a bare list, a transcript and the events of a recording are read, too', () => {
    expect(readHistory(JSON.stringify(talk), 'x').items).toEqual(talk);
    expect(readHistory(JSON.stringify({ schema: 1, items: talk }), 'x').items).toEqual(talk);
    const [first, second, third] = talk;
    const event = (change: string, item: unknown, index: number) =>
      JSON.stringify({ type: 'history.updated', change, item, index, at: 1 });
    const lines = [
      '{"type":"header","schema":1}',
      event('added', first, 0),
      event('added', third, 1),
      event('added', second, 1),
      event('added', { ...first, itemId: 'gone' }, 3),
      '{"type":"warning","at":3,"code":"x","message":"y"}',
      event('updated', { ...third, text: 'It' }, 2),
      event('removed', { ...first, itemId: 'gone' }, 3),
      '{"type":"half a li',
    ];
    expect(readHistory(lines.join('\n'), 'events.ndjson').items).toEqual([
      first,
      second,
      { ...third, text: 'It' },
    ]);
  });

  test('written by hand, who said what is enough', () => {
    const items = [
      { kind: 'message', role: 'user', text: 'Hi' },
      { kind: 'message', role: 'assistant', text: 'Hello' },
    ];
    expect(readHistory(JSON.stringify(items), 'x').items).toEqual([
      { ...items[0], itemId: 'saved_1', state: 'done' },
      { ...items[1], itemId: 'saved_2', state: 'done' },
    ]);
  });

  test('nothing of an earlier session is still going on', () => {
    const items = [
      { kind: 'message', itemId: 'a', role: 'user', text: '', state: 'pending' },
      { kind: 'message', itemId: 'b', role: 'assistant', text: '', state: 'pending' },
      { kind: 'message', itemId: 'c', role: 'assistant', text: 'half', state: 'pending' },
      { kind: 'tool', itemId: 'd', callId: 'd', name: 'x', arguments: '', state: 'running' },
    ];
    const states = readHistory(JSON.stringify(items), 'x').items.map(({ state }) => state);
    expect(states).toEqual(['untranscribed', 'unheard', 'done', 'cancelled']);
  });

  test('ids that are there twice get new names', () => {
    const call = {
      kind: 'tool',
      itemId: 'a',
      callId: 'c',
      name: 'x',
      arguments: '{}',
      output: '',
      state: 'done',
    };
    const { items } = readHistory(JSON.stringify([call, call, { ...call, itemId: 'a_2' }]), 'x');
    expect(items.map(({ itemId }) => itemId)).toEqual(['a', 'a_2', 'a_2_2']);
    expect(items.map((item) => item.kind === 'tool' && item.callId)).toEqual(['c', 'c_2', 'c_3']);
  });

  test('errors name the file, the item and what is allowed', () => {
    const robot = [talk[0], { ...talk[0], role: 'robot' }];
    expect(failure(JSON.stringify(robot))).toMatchObject({ exitCode: 2, code: 'history.unreadable' });
    expect(failure(JSON.stringify(robot)).message).toMatch(
      /^talk\.json: item 2, "role": .*"user"\|"assistant"/,
    );
    expect(failure('[{"kind":"sound"}]').message).toBe(
      'talk.json: item 1, "kind": found "sound", allowed are "message" and "tool".',
    );
    expect(failure('[7]').message).toContain('item 1: found no object');
    expect(failure('what').message).toBe('talk.json is not JSON.');
    expect(failure('{"format":"voxterm-history","version":2,"items":[]}').message).toContain('is version 2;');
    const strange = '{"format":"voxterm-history","version":{"toString":1},"items":[]}';
    expect(failure(strange).message).toContain('is version {"toString":1};');
    expect(failure('[{"kind":{"valueOf":2}}]').message).toContain('found {"valueOf":2},');
    expect(failure(JSON.stringify([{ kind: 'x'.repeat(5000) }])).message.length).toBeLessThan(250);
    expect(failure('{"a":1}').message).toContain('another kind of file');
    expect(failure('{"schema":1}').message).toContain('no list "items"');
    const long = [{ ...talk[0], text: 'x'.repeat(200_001) }];
    expect(failure(JSON.stringify(long)).message).toContain('item 1, "text"');
    expect(failure(JSON.stringify(Array(10_001).fill(talk[0]))).message).toContain('at most 10000');
  });

  test('of ten thousand items with one id takes no longer than of others', () => {
    const startMs = performance.now();
    const { items } = readHistory(JSON.stringify(Array(10_000).fill(talk[0])), 'talk.json');
    expect(performance.now() - startMs).toBeLessThan(1500);
    expect(new Set(items.map(({ itemId }) => itemId)).size).toBe(10_000);
  });
});

describe('Markdown', () => {
  test('says who said what, how much was heard, and folds the tools', () => {
    expect(historyToMarkdown(talk, meta)).toBe(`# Conversation

local, local · agent billing · 2026-03-01T12:00:00.000Z

**You:** What is the weather?

<details>
<summary>Tool: <code>weather</code></summary>

Arguments:

\`\`\`
{"city":"Bonn"}
\`\`\`

Result:

\`\`\`\`
\`\`\`
rain
\`\`\`
\`\`\`\`

</details>

**Assistant:** It rains in *(interrupted after 1.2 s)*

**You:** *(spoken, words unknown)*

**Assistant:** \\<b\\>\\*Fine\\*\\</b\\>${'  '}
\\# so *(2.0 s heard)*

<details>
<summary>Tool: <code>mail</code> (cancelled)</summary>

Arguments:

\`\`\`
{}
\`\`\`

</details>
`);
  });

  test('escape sequences do not reach whoever prints it', () => {
    const item = {
      kind: 'message',
      itemId: 'a',
      role: 'assistant',
      text: 'a\x1b[2Jb',
      state: 'done',
    } as const;
    expect(historyToMarkdown([item], meta)).toContain('**Assistant:** a\\[2Jb\n');
  });
});

describe('a file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'voxterm-history-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('is JSON or Markdown by its name, for its owner only, and leaves no draft behind', () => {
    saveHistory(join(folder, 'talk.json'), talk.slice(0, 1), meta);
    saveHistory(join(folder, 'talk.json'), talk, meta);
    saveHistory(join(folder, 'talk.md'), talk, meta);
    expect(readHistory(readFileSync(join(folder, 'talk.json'), 'utf8'), 'x').items).toEqual(talk);
    expect(readFileSync(join(folder, 'talk.md'), 'utf8')).toMatch(/^# Conversation/);
    expect(readdirSync(folder).sort()).toEqual(['talk.json', 'talk.md']);
    if (process.platform !== 'win32') expect(statSync(join(folder, 'talk.json')).mode & 0o777).toBe(0o600);
  });

  test('that cannot be written is said in words', () => {
    const path = join(folder, 'none', 'talk.json');
    expect(() => saveHistory(path, talk, meta)).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining('ENOENT') }),
    );
  });
});
