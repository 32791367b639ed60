import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { readEarlierTalk, SavedTalk } from '../../../src/commands/talk/saved-talk.js';
import { resolveSettings } from '../../../src/config/load.js';
import type { VoxtermError } from '../../../src/contract/failure.js';
import type { HistoryItem } from '../../../src/contract/items.js';
import type { SessionEvent } from '../../../src/contract/session-events.js';
import type { VoiceSession } from '../../../src/session/voice-session.js';
import { directoryWith, environmentIn } from '../../config/files.js';
import { fullProfile } from '../../conversation/support/profiles.js';

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

/** A session of which only its history matters. */
function fakeSession() {
  const listeners = new Set<(event: SessionEvent) => void>();
  const history: HistoryItem[] = [];
  const session = {
    profile: fullProfile,
    history,
    subscribe: (listener: (event: SessionEvent) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const say = (text: string): void => {
    const item = { kind: 'message', itemId: text, role: 'user', text, state: 'done' } as const;
    history.push(item);
    const index = history.length - 1;
    for (const listener of listeners)
      listener({ type: 'history.updated', change: 'added', item, index, at: 0 });
  };
  return { session: session as unknown as VoiceSession, say, listeners };
}

describe('a conversation that is saved', () => {
  it('is on disk as it goes on, for its owner only, and changes as a whole', async () => {
    const directory = directoryWith();
    const path = join(directory, 'talk.json');
    const saved = SavedTalk.open(await settingsFor(directory, { saveHistory: path }));
    const { session, say, listeners } = fakeSession();
    const failures: VoxtermError[] = [];
    saved.follow(
      session,
      () => 'A',
      (error) => failures.push(error),
    );
    say('Hello');
    await vi.waitFor(() => expect(readFileSync(path, 'utf8')).toContain('Hello'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    say('More');
    await vi.waitFor(() => expect(readFileSync(path, 'utf8')).toContain('More'), { timeout: 3000 });
    expect(readdirSync(directory)).toEqual(['talk.json']);
    saved.keep(session, 'A');
    expect(listeners.size).toBe(0);
    expect(failures).toEqual([]);
  });

  it('says once that it cannot be saved any more', async () => {
    const directory = directoryWith();
    const path = join(directory, 'talk.json');
    const saved = SavedTalk.open(await settingsFor(directory, { saveHistory: path }));
    const { session, say } = fakeSession();
    const failures: VoxtermError[] = [];
    saved.follow(
      session,
      () => undefined,
      (error) => failures.push(error),
    );
    rmSync(directory, { recursive: true });
    say('Hello');
    await vi.waitFor(() => expect(failures).toHaveLength(1));
    say('More');
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(failures).toHaveLength(1);
    expect(() => saved.keep(session, undefined)).toThrow('cannot be saved');
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
