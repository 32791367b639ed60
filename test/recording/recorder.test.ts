import type * as Fs from 'node:fs';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HistoryItem } from '../../src/contract/items.js';
import type { SessionEvent } from '../../src/contract/session-events.js';
import { createRecorder, type RecordingInfo } from '../../src/recording/recorder.js';

/** The real file system, until the disk is full. */
const disk = vi.hoisted(() => ({ full: false }));
vi.mock('node:fs', async (importOriginal) => {
  const real = await importOriginal<typeof Fs>();
  const writeSync = (...args: [number, Uint8Array]) => {
    if (disk.full)
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    return real.writeSync(...args);
  };
  return { ...real, writeSync };
});

let directory = '';
let warnings: Parameters<RecordingInfo['onWarning']>[0][] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'voxterm-record-'));
  warnings = [];
});
afterEach(() => {
  disk.full = false;
  rmSync(directory, { recursive: true, force: true });
});

function start() {
  return createRecorder(join(directory, 'talks'), {
    provider: 'local',
    model: 'local-1',
    version: '1.2.3',
    startedAt: new Date('2026-03-01T12:34:56.789Z'),
    inputRateHz: 16_000,
    outputRateHz: 24_000,
    onWarning: (warning) => warnings.push(warning),
  });
}

function sound(path: string): Buffer {
  const bytes = readFileSync(path);
  expect(bytes.readUInt32LE(40)).toBe(bytes.length - 44);
  return bytes.subarray(44);
}

function historyEvent(
  item: HistoryItem,
  change: 'added' | 'updated' | 'removed',
  index: number,
): SessionEvent {
  return { type: 'history.updated', at: 1, change, item, index };
}

function said(itemId: string, role: 'user' | 'assistant', text: string): HistoryItem {
  return { kind: 'message', itemId, role, text, state: 'done' };
}

/** `ms` of PCM16 with this byte everywhere. */
function pcm(ms: number, rateHz: number, byte: number): Uint8Array {
  return new Uint8Array((ms * rateHz * 2) / 1000).fill(byte);
}

describe('createRecorder', () => {
  it('makes a private directory per session, named after its beginning', () => {
    const first = start();
    const second = start();
    first.close();
    second.close();
    expect(readdirSync(join(directory, 'talks'))).toEqual(['2026-03-01T12-34-56Z', '2026-03-01T12-34-56Z-2']);
    expect(first.path).toBe(join(directory, 'talks', '2026-03-01T12-34-56Z'));
    if (process.platform !== 'win32') expect(statSync(first.path).mode & 0o777).toBe(0o700);
    expect(readdirSync(first.path).sort()).toEqual([
      'assistant.wav',
      'events.ndjson',
      'transcript.md',
      'user.wav',
    ]);
  });

  it('explains a directory that cannot be made', () => {
    writeFileSync(join(directory, 'talks'), 'a file in the way');
    expect(start).toThrow(expect.objectContaining({ exitCode: 2, code: expect.stringMatching(/^output\./) }));
  });
});

describe('sound', () => {
  it("puts the user's voice on the session's clock", () => {
    const recorder = start();
    recorder.userAudio(pcm(20, 16_000, 1), 1000);
    recorder.userAudio(pcm(20, 16_000, 2), 1050);
    recorder.userAudio(pcm(20, 16_000, 3), 3000);
    recorder.userAudio(pcm(20, 16_000, 4));
    recorder.close();
    const bytes = sound(join(recorder.path, 'user.wav'));
    expect(bytes.length).toBe(3040 * 32);
    expect([999, 1000, 1020, 1039, 1040, 2999, 3000, 3020].map((ms) => bytes[ms * 32])).toEqual([
      0, 1, 2, 2, 0, 0, 3, 4,
    ]);
  });

  it('keeps of the answers what was heard, with a pause between them', () => {
    const recorder = start();
    recorder.assistantAudio(pcm(400, 24_000, 1), { itemId: 'a', contentIndex: 0 });
    recorder.assistantAudio(pcm(400, 24_000, 2), { itemId: 'a', contentIndex: 0 });
    recorder.onEvent({ type: 'playback.cleared', at: 9, itemId: 'a', heardMs: 500, receivedMs: 800 });
    recorder.assistantAudio(pcm(100, 24_000, 3), { itemId: 'b', contentIndex: 0 });
    recorder.onEvent({ type: 'playback.cleared', at: 9, itemId: 'unknown', heardMs: 0, receivedMs: 0 });
    recorder.close();
    const bytes = sound(join(recorder.path, 'assistant.wav'));
    expect(bytes.length).toBe(850 * 48);
    expect([0, 399, 400, 499, 500, 749, 750, 849].map((ms) => bytes[ms * 48])).toEqual([
      1, 1, 2, 2, 0, 0, 3, 3,
    ]);
  });

  it('is on disk before anything is closed', () => {
    const recorder = start();
    for (let i = 0; i < 50; i++) recorder.userAudio(pcm(20, 16_000, 1), i * 20);
    expect(sound(join(recorder.path, 'user.wav')).length).toBeGreaterThan(700 * 32);
    recorder.close();
  });
});

describe('words', () => {
  it('logs every event at once, without sound', () => {
    const recorder = start();
    const ready: SessionEvent = { type: 'speech.started', at: 5 };
    recorder.onEvent(ready);
    recorder.onEvent({
      type: 'assistant.audio',
      at: 6,
      responseId: 'r',
      itemId: 'a',
      contentIndex: 0,
      bytes: 4,
      audio: 'AAAAAA==',
    });
    const lines = readFileSync(join(recorder.path, 'events.ndjson'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        type: 'header',
        schema: 1,
        version: '1.2.3',
        provider: 'local',
        model: 'local-1',
        startedAt: '2026-03-01T12:34:56.789Z',
      },
      ready,
      { type: 'assistant.audio', at: 6, responseId: 'r', itemId: 'a', contentIndex: 0, bytes: 4 },
    ]);
    recorder.close();
  });

  it('keeps the transcript in the order of the conversation, as soon as words are final', () => {
    const recorder = start();
    const transcript = join(recorder.path, 'transcript.md');
    recorder.onEvent(historyEvent(said('a', 'assistant', 'Hello.'), 'added', 0));
    expect(readFileSync(transcript, 'utf8')).toBe('# Conversation\n\n**Assistant:** Hello.\n');
    const pending: HistoryItem = { kind: 'message', itemId: 'u', role: 'user', text: 'He', state: 'pending' };
    recorder.onEvent(historyEvent(pending, 'added', 0));
    expect(readFileSync(transcript, 'utf8')).not.toContain('You');
    recorder.onEvent(historyEvent(said('u', 'user', 'Hey.'), 'updated', 0));
    expect(readFileSync(transcript, 'utf8')).toBe(
      '# Conversation\n\n**You:** Hey.\n\n**Assistant:** Hello.\n',
    );
    recorder.onEvent(historyEvent(said('a', 'assistant', 'Hello.'), 'removed', 1));
    recorder.close();
    expect(readFileSync(transcript, 'utf8')).toBe('# Conversation\n\n**You:** Hey.\n');
  });

  it('tells at the end what was still being said', () => {
    const recorder = start();
    const pending: HistoryItem = { kind: 'message', itemId: 'u', role: 'user', text: 'He', state: 'pending' };
    recorder.onEvent(historyEvent(pending, 'added', 0));
    recorder.close();
    expect(readFileSync(join(recorder.path, 'transcript.md'), 'utf8')).toContain(
      '**You:** He *(unfinished)*',
    );
  });
});

describe('trouble', () => {
  it('warns once when the disk is full, keeps what there is and lets the session go on', () => {
    const recorder = start();
    for (let i = 0; i < 50; i++) recorder.userAudio(pcm(20, 16_000, 1), i * 20);
    const before = sound(join(recorder.path, 'user.wav')).length;
    disk.full = true;
    for (let i = 0; i < 50; i++) recorder.userAudio(pcm(20, 16_000, 1), 1000 + i * 20);
    recorder.onEvent({ type: 'speech.stopped', at: 9 });
    recorder.assistantAudio(pcm(1000, 24_000, 1), { itemId: 'a', contentIndex: 0 });
    recorder.close();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatchObject({ code: 'recording.stopped' });
    expect(warnings[0]?.message).toMatch(
      /^Recording stopped, the conversation goes on: .*no space left on device/,
    );
    expect(sound(join(recorder.path, 'user.wav')).length).toBe(before);
  });

  it('warns once when its directory goes away', () => {
    const recorder = start();
    rmSync(recorder.path, { recursive: true });
    recorder.onEvent(historyEvent(said('a', 'assistant', 'Hello.'), 'added', 0));
    recorder.close();
    recorder.close();
    expect(warnings).toHaveLength(1);
  });

  it('ignores what comes after the end', () => {
    const recorder = start();
    recorder.close();
    recorder.userAudio(pcm(1000, 16_000, 1), 0);
    recorder.onEvent({ type: 'speech.stopped', at: 9 });
    recorder.close();
    expect(sound(join(recorder.path, 'user.wav')).length).toBe(0);
    expect(warnings).toEqual([]);
  });
});
