import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { VirtualSound } from '../../../src/audio/virtual-sound.js';
import { Session } from '../../../src/session/session.js';
import {
  playRecording,
  type RecordedTurns,
  type RecordedTurnsOptions,
} from '../../../src/session/voice/recorded-turns.js';
import { FakeLink, profile } from '../fake-link.js';
import { frames } from '../frames.js';

async function* stream(list: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* list;
}

/** A server with its own detector: sound starts a turn, 500 ms without sound end it, and each turn gets an answer. */
class TurnServer {
  readonly link = new FakeLink();
  readonly session: Session;
  turns = 0;
  mostOpen = 0;
  private open = 0;
  private quietFrames = 0;
  private speaking = false;

  constructor(
    private readonly answerMs: number,
    private readonly detects = true,
    /** What a server thinks that never says when speech begins and ends. */
    private readonly silentlyThinksMs?: number,
  ) {
    this.session = new Session({
      profile: silentlyThinksMs === undefined ? profile : { ...profile, tellsSpeech: false },
      settings: detects ? {} : { turnDetection: { type: 'client' } },
      link: this.link,
      sound: new VirtualSound({ outputRateHz: 24_000, pace: 'instant' }),
      tools: {
        specs: [],
        run: () => Promise.reject(new Error('no tools')),
        cancel: () => {},
        approve: () => false,
        reject: () => false,
        close: () => {},
      },
      watchEcho: false,
      audioInEvents: false,
      now: () => performance.now(),
    });
    this.link.open();
    const send = this.link.send.bind(this.link);
    this.link.send = (command) => {
      send(command);
      if (command.type === 'audio.append') this.listen(command.audio);
      if (command.type === 'audio.commit')
        this.link.receive({ type: 'input.committed', itemId: `u${this.turns}` });
      if (command.type === 'response.create') this.answer();
    };
  }

  private listen(audio: Uint8Array): void {
    const loud = audio.some((byte) => byte !== 0);
    this.quietFrames = loud ? 0 : this.quietFrames + 1;
    if (!this.detects) return;
    if (loud && !this.speaking) {
      this.speaking = true;
      if (this.silentlyThinksMs === undefined) this.link.receive({ type: 'speech.started' });
    } else if (this.speaking && this.quietFrames === 25) {
      this.speaking = false;
      if (this.silentlyThinksMs === undefined) {
        this.link.receive({ type: 'speech.stopped' });
        this.answer();
      } else setTimeout(() => this.answer(), this.silentlyThinksMs);
    }
  }

  private answer(): void {
    this.turns += 1;
    const responseId = `r${this.turns}`;
    this.open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    this.link.receive({ type: 'response.created', responseId });
    setTimeout(() => {
      this.open -= 1;
      this.link.receive({ type: 'response.done', responseId, status: 'completed' });
    }, this.answerMs);
  }

  async play(
    list: readonly Uint8Array[],
    options: Partial<RecordedTurnsOptions> = {},
  ): Promise<RecordedTurns> {
    const playing = playRecording({
      session: this.session,
      frames: stream(list),
      pace: 'fast',
      silenceMs: 500,
      ...options,
    });
    let result: RecordedTurns | undefined;
    void playing.then((value) => {
      result = value;
    });
    for (let waited = 0; result === undefined && waited < 120_000; waited += 10)
      await vi.advanceTimersByTimeAsync(10);
    return playing;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const turn = [...frames('silence', 300), ...frames('speech', 1200), ...frames('silence', 1500)];

describe('playRecording', () => {
  it('answers every turn of a recording before the next begins', async () => {
    const server = new TurnServer(3000);
    const result = await server.play([...turn, ...turn, ...turn]);
    expect(server.turns).toBe(3);
    expect(server.mostOpen).toBe(1);
    expect(server.session.state).toBe('listening');
    expect(result.speechFound).toBe(true);
  });

  it.each([
    [1, [100, 200, 300, 340]],
    [2, [420, 460, 500, 540, 580, 620, 660, 700, 740, 800]],
  ])(
    'makes %i of two utterances, and never talks into an answer, with pauses of %j ms',
    async (turns, pauses) => {
      for (const pauseMs of pauses) {
        const server = new TurnServer(1000);
        await server.play([
          ...frames('speech', 1200),
          ...frames('silence', pauseMs),
          ...frames('speech', 1200),
        ]);
        expect([server.turns, server.mostOpen], `${pauseMs} ms`).toEqual([turns, 1]);
      }
    },
  );

  it('adds the silence a server needs when the recording ends with the last word', async () => {
    const server = new TurnServer(500);
    await server.play(frames('speech', 1500));
    expect(server.turns).toBe(1);
    expect(server.session.state).toBe('listening');
  });

  it('waits for the answer of a server that never says what it notices', async () => {
    const server = new TurnServer(1000, true, 4000);
    await server.play([...turn, ...turn]);
    expect(server.turns).toBe(2);
    expect(server.mostOpen).toBe(1);
    expect(server.session.state).toBe('listening');
  });

  it('goes on as soon as such a server answers', async () => {
    const server = new TurnServer(500, true, 100);
    const startedAtMs = performance.now();
    await server.play(turn);
    expect(performance.now() - startedAtMs).toBeLessThan(1200);
    expect(server.turns).toBe(1);
  });

  it('ends turns itself where nobody else detects them', async () => {
    const server = new TurnServer(500, false);
    await server.play([...turn, ...frames('speech', 1500)]);
    expect(server.link.sentOf('audio.commit')).toHaveLength(2);
    expect(server.turns).toBe(2);
  });

  it('interrupts an answer where nobody else detects turns and the pace is a microphone’s', async () => {
    const server = new TurnServer(10_000, false);
    await server.play([...turn, ...turn], { pace: 'realtime' });
    expect(server.link.sentOf('audio.commit')).toHaveLength(2);
    expect(server.link.sentOf('response.cancel')).toMatchObject([{ responseId: 'r1' }]);
  });

  it('says that there was no speech, and does not wait for an answer to it', async () => {
    const server = new TurnServer(500);
    const result = await server.play(frames('silence', 3000));
    expect(result).toEqual({ fedMs: 3000, speechFound: false, noticedTurns: 0 });
    expect(server.turns).toBe(0);
  });

  it("realtime: keeps a microphone's pace, whatever the other side does", async () => {
    const server = new TurnServer(10_000);
    const startedAtMs = performance.now();
    let fedAtMs = 0;
    await server.play([...turn, ...turn], {
      pace: 'realtime',
      onProgress: () => {
        fedAtMs = performance.now() - startedAtMs;
      },
    });
    expect(fedAtMs).toBeGreaterThan(5500);
    expect(fedAtMs).toBeLessThan(6500);
    expect(server.mostOpen).toBe(2);
  });

  it('returns when the session ends under it', async () => {
    const server = new TurnServer(500);
    setTimeout(() => server.link.drop(), 50);
    const result = await server.play([...turn, ...turn], { pace: 'realtime' });
    expect(result.fedMs).toBeLessThan(1000);
  });
});
