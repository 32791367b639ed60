import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openAudio } from '../../../src/audio/decode.js';
import { VirtualSound } from '../../../src/audio/virtual-sound.js';
import type { SessionEvent } from '../../../src/contract/session-events.js';
import { local } from '../../../src/providers/local/provider.js';
import { startSession } from '../../../src/session/start/start.js';
import { playRecording } from '../../../src/session/voice/recorded-turns.js';
import { createToolRunner } from '../../../src/tools/tool-runner.js';
import { directoryWith } from '../../config/files.js';

async function play(recordings: readonly string[], pace: 'fast' | 'realtime') {
  const events: SessionEvent[] = [];
  const log: string[] = [];
  const said = 'This takes a long time to be said, long enough for anybody to interrupt it.';
  const scenario = JSON.stringify({
    voice: 'tone',
    turns: [
      { heard: 'One?', said },
      { heard: 'Two?', said },
    ],
  });
  const session = await startSession({
    provider: local,
    connection: {
      model: 'local',
      env: {},
      scenario: join(directoryWith({ 'story.json': scenario }), 'story.json'),
    },
    settings: { turnDetection: { type: 'client', silenceMs: 500 }, transcription: {} },
    tools: createToolRunner([], { env: {} }),
    openSound: async ({ outputRateHz }) =>
      new VirtualSound({ outputRateHz, pace: pace === 'fast' ? 'instant' : 'realtime' }),
    log: (line) => log.push(line),
  });
  onTestFinished(async () => void (await session.end()));
  session.subscribe((event) => events.push(event));
  const turns = await playRecording({ session, frames: heard(recordings), pace, silenceMs: 500 });
  return { session, events, log, turns, types: () => events.map(({ type }) => type) };
}

/** One recording after the other. */
async function* heard(recordings: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const recording of recordings) {
    const path = fileURLToPath(new URL(`../../fixtures/audio/${recording}`, import.meta.url));
    const { frames } = await openAudio(path, { rateHz: 24_000, env: {}, onWarning: () => {} });
    yield* frames;
  }
}

describe('turns found by our own detector, with the built-in server', () => {
  it('a recorded question is one turn, and is answered', async () => {
    const { session, log, turns, types } = await play(['question.wav'], 'fast');
    expect(turns).toMatchObject({ speechFound: true, noticedTurns: 1 });
    expect(log.find((line) => line.startsWith('→ {"type":"session.update"'))).toContain(
      '"turn_detection":null',
    );
    expect(types().filter((type) => /^speech|^response/.test(type))).toEqual([
      'speech.started',
      'speech.stopped',
      'response.started',
      'response.done',
    ]);
    expect(session.history).toMatchObject([{ role: 'user' }, { role: 'assistant', state: 'done' }]);
  });

  it('speech over an answer silences it, and is answered itself', async () => {
    const { session, log, turns, events } = await play(['question.wav', 'question.wav'], 'realtime');
    expect(turns.noticedTurns).toBe(2);
    expect(log.filter((line) => line.startsWith('→ {"type":"input_audio_buffer.commit"'))).toHaveLength(2);
    const cleared = events.find((event) => event.type === 'playback.cleared');
    expect(cleared).toMatchObject({ type: 'playback.cleared' });
    const [first] = session.history.filter(
      ({ kind, itemId }) => kind === 'message' && itemId === cleared?.itemId,
    );
    expect(first).toMatchObject({ role: 'assistant', state: 'cut', heardMs: cleared?.heardMs });
    expect(events.filter(({ type }) => type === 'error')).toEqual([]);
    expect(events.findLast((event) => event.type === 'response.done')).toMatchObject({ status: 'completed' });
  }, 40_000);

  it('a recording without speech is not sent', async () => {
    const { log, turns } = await play(['clicks.wav'], 'fast');
    expect(turns).toMatchObject({ speechFound: false, noticedTurns: 0 });
    expect(log.some((line) => line.includes('input_audio_buffer'))).toBe(false);
  });
});
