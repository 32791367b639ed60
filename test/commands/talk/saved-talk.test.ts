import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEarlierTalk, SavedTalk } from '../../../src/commands/talk/saved-talk.js';
import { resolveSettings } from '../../../src/config/load.js';
import { directoryWith, environmentIn } from '../../config/files.js';

async function settingsFor(directory: string, flags: { resume?: string; saveHistory?: string }) {
  return resolveSettings(flags, environmentIn(directory), {});
}

describe('--save-history', () => {
  it('refuses a named pipe at once, where the system would wait for a reader', async () => {
    const directory = directoryWith();
    const path = join(directory, 'pipe');
    expect(spawnSync('mkfifo', [path]).status).toBe(0);
    const settings = await settingsFor(directory, { saveHistory: path });
    expect(() => SavedTalk.open(settings)).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining('is a named pipe') }),
    );
  });

  it.each([
    ['no/such.json', 'there is no directory'],
    ['.', 'is a directory'],
  ])('says in words why %s cannot be written', async (name, words) => {
    const directory = directoryWith();
    const settings = await settingsFor(directory, { saveHistory: join(directory, name) });
    expect(() => SavedTalk.open(settings)).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining(words) }),
    );
  });
});

describe('--resume', () => {
  it('reads the events of hours, which are megabytes', async () => {
    const event = {
      type: 'history.updated',
      change: 'added',
      item: { kind: 'message', itemId: 'a', role: 'user', text: 'Hello' },
      index: 0,
    };
    const noise = `${JSON.stringify({ type: 'assistant.audio', bytes: 960 })}\n`.repeat(60_000);
    const directory = directoryWith({
      'events.ndjson': `${JSON.stringify({ type: 'header', schema: 1 })}\n${noise}${JSON.stringify(event)}\n`,
    });
    const settings = await settingsFor(directory, { resume: join(directory, 'events.ndjson') });
    expect((await readEarlierTalk(settings))?.items).toMatchObject([{ text: 'Hello' }]);
  });

  it('refuses what is larger than any conversation', async () => {
    const directory = directoryWith({ huge: ' '.repeat(64 * 1024 * 1024 + 1) });
    const settings = await settingsFor(directory, { resume: join(directory, 'huge') });
    await expect(readEarlierTalk(settings)).rejects.toThrow('is larger than 64 MB');
  });
});
