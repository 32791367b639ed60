import { int16Of } from '../../audio/samples/pcm16.js';
import { EnergyVad } from '../../audio/turns/energy-vad.js';
import type { HistoryItem } from '../../contract/items.js';
import type { RecordingPace } from '../../contract/sound-options.js';
import type { VoiceSession } from '../voice-session.js';

export interface RecordedTurnsOptions {
  readonly session: VoiceSession;
  /** 20 ms each, PCM16 mono at the profile's input rate. */
  readonly frames: AsyncIterable<Uint8Array>;
  /**
   * `realtime`: at a microphone's pace, so speech over an answer interrupts it. `fast`: at the speed of the network,
   * but every turn is answered before the next begins.
   */
  readonly pace: RecordingPace;
  /** Silence after which the provider ends a turn, if it detects turns. */
  readonly silenceMs: number;
  readonly onProgress?: ((fedMs: number) => void) | undefined;
}

export interface RecordedTurns {
  readonly fedMs: number;
  /** The detector on this side found speech. */
  readonly speechFound: boolean;
  /** Turns that were detected, by the provider or on this side. */
  readonly noticedTurns: number;
}

const frameMs = 20;
/**
 * The local detector must not be later than the server's: the speech after a pause would interrupt the answer. If it is
 * earlier, silence is sent until the server ends the turn.
 */
const keenShare = 0.8;
/** How long the server may take to detect a turn that the local detector has found. */
const noticeMs = 1500;
/** How long it may take to answer if it does not report detected speech. */
const answerMs = 15_000;
/** How long silence is sent to end a turn that the server has detected. */
const turnEndMs = 6000;
/** How long to wait at the end for the transcript of a turn that was already answered. */
const wordsMs = 5000;
/** Frames between two checks of the network's back-pressure. */
const framesPerCheck = 25;
const pollMs = 10;

/**
 * Plays a recording to the provider as the user's side of a conversation and returns when the last answer is over. If
 * the provider detects the turns, a local detector estimates when it should have; otherwise the session reports them.
 * Uses constant memory for input of any length.
 */
export async function playRecording(options: RecordedTurnsOptions): Promise<RecordedTurns> {
  return new RecordedSpeaker(options).play();
}

class RecordedSpeaker {
  private readonly session: VoiceSession;
  /** Undefined if the session detects the turns. */
  private readonly vad: EnergyVad | undefined;
  private fedFrames = 0;
  private speechFound = false;
  /** Number of turns that were detected, and of those that were closed. */
  private noticed = 0;
  private closed = 0;
  /** Number of closed turns and of begun answers when the local detector heard the current turn begin. */
  private closedBefore = 0;
  private answersBefore = 0;
  private answers = 0;
  private over = false;

  constructor(private readonly options: RecordedTurnsOptions) {
    this.session = options.session;
    if (this.session.turns !== 'provider') return;
    const rateHz = this.session.profile.inputRateHz;
    this.vad = new EnergyVad({ rateHz, silenceMs: options.silenceMs * keenShare });
  }

  async play(): Promise<RecordedTurns> {
    const unsubscribe = this.session.subscribe(({ type }) => {
      if (type === 'speech.started') this.noticed += 1;
      if (type === 'speech.stopped') this.closed += 1;
      if (type === 'response.started') this.answers += 1;
      if (type === 'session.ended') this.over = true;
    });
    try {
      const startedAtMs = performance.now();
      for await (const frame of this.options.frames) {
        if (this.over) break;
        if (this.options.pace === 'realtime') await sleepUntil(startedAtMs + this.fedFrames * frameMs);
        await this.feed(frame);
      }
      if (!this.over) await this.finish();
      const { fedFrames, noticed } = this;
      const speechFound = this.speechFound || (this.vad === undefined && noticed > 0);
      return { fedMs: fedFrames * frameMs, speechFound, noticedTurns: noticed };
    } finally {
      unsubscribe();
    }
  }

  private async feed(frame: Uint8Array): Promise<void> {
    // A recording can wait: none of it is sent while the connection is down.
    while (!this.over && this.session.state === 'reconnecting') await sleep(pollMs);
    this.session.sendAudio(frame);
    this.fedFrames += 1;
    if (this.fedFrames % framesPerCheck === 0) {
      this.options.onProgress?.(this.fedFrames * frameMs);
      await this.session.drained();
    }
    if (this.vad === undefined) await this.ownTurnEnded();
    else for (const { type } of this.vad.push(int16Of(frame))) await this.heard(type);
  }

  /**
   * The session has closed a turn. At a microphone's pace the recording continues; otherwise the answer comes first.
   */
  private async ownTurnEnded(): Promise<void> {
    if (this.closed === this.closedBefore) return;
    this.closedBefore = this.closed;
    if (this.options.pace === 'fast') await this.quiet();
  }

  private async heard(type: 'start' | 'stop'): Promise<void> {
    if (type === 'start') {
      this.speechFound = true;
      this.closedBefore = this.closed;
      this.answersBefore = this.answers;
    } else if (this.options.pace === 'fast') {
      await this.serverTurn();
      await this.quiet();
    }
  }

  private async finish(): Promise<void> {
    if (this.vad === undefined) this.session.commit();
    else if (this.speechFound || this.noticed > 0) await this.serverTurn();
    await this.quiet();
    await this.words();
  }

  /** The transcript of a turn may arrive after the answer to it. */
  private async words(): Promise<void> {
    const startedAtMs = performance.now();
    const pending = () => this.session.history.some(isPendingSpeech);
    while (!this.over && pending() && performance.now() - startedAtMs < wordsMs) await sleep(pollMs);
  }

  /** Sends silence at a microphone's pace until the server has closed the turn, or evidently detects none. */
  private async serverTurn(): Promise<void> {
    const silence = new Uint8Array((this.session.profile.inputRateHz * frameMs * 2) / 1000);
    const startedAtMs = performance.now();
    for (let sent = 0; !this.over; sent += 1) {
      if (this.turnIsOver || sent * frameMs >= this.patienceMs) return;
      this.session.sendAudio(silence);
      await sleepUntil(startedAtMs + sent * frameMs);
    }
  }

  private get turnIsOver(): boolean {
    if (!this.serverTells) return this.answers > this.answersBefore;
    return this.closed > this.closedBefore && this.noticed === this.closed;
  }

  private get patienceMs(): number {
    if (!this.serverTells) return answerMs;
    return this.noticed > this.closed ? turnEndMs : noticeMs;
  }

  private get serverTells(): boolean {
    return this.session.profile.tellsSpeech !== false;
  }

  /** Waits until the assistant has finished. Each state it waits for has its own deadline in the conversation. */
  private async quiet(): Promise<void> {
    while (!this.over && this.session.state !== 'listening' && this.session.state !== 'muted')
      await sleep(pollMs);
  }
}

function isPendingSpeech(item: HistoryItem): boolean {
  return item.kind === 'message' && item.role === 'user' && item.state === 'pending';
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

async function sleepUntil(atMs: number): Promise<void> {
  const ms = atMs - performance.now();
  if (ms > 0) await sleep(ms);
}
