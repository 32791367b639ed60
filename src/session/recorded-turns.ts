import { EnergyVad } from '../audio/vad.js';
import type { HistoryItem } from '../conversation/items.js';
import type { VoiceSession } from './voice-session.js';

export interface RecordedTurnsOptions {
  readonly session: VoiceSession;
  /** 20 ms each, PCM16 mono at the profile's input rate. */
  readonly frames: AsyncIterable<Uint8Array>;
  /**
   * `realtime`: like a microphone, whatever the other side does; speech over an answer interrupts it. `fast`: as fast as
   * the network takes it, but every turn is answered before the next begins.
   */
  readonly pace: 'realtime' | 'fast';
  /** Nobody detects turns but us: commit at the end of each. */
  readonly manual: boolean;
  /** Silence after which the server ends a turn. */
  readonly silenceMs: number;
  readonly onProgress?: ((fedMs: number) => void) | undefined;
}

export interface RecordedTurns {
  readonly fedMs: number;
  /** Our own detector found speech. */
  readonly speechFound: boolean;
  /** Turns whose beginning the server noticed. */
  readonly noticedTurns: number;
}

const frameMs = 20;
/**
 * Our detector must not be later than the server's: what follows a pause would be sent into the answer and interrupt it.
 * When it is earlier, we add silence until the server agrees.
 */
const keenShare = 0.8;
/** Where nobody else listens, a pause for breath should not end a turn. */
const manualShare = 1.4;
/** How long the server may take to notice a turn that our detector has found. */
const noticeMs = 1500;
/** How long we go on sending silence for a turn the server has begun. */
const turnEndMs = 6000;
/** How long we wait in the end for the words of a turn that was answered already. */
const wordsMs = 5000;
/** Frames between two looks at the network's back-pressure. */
const framesPerCheck = 25;
const pollMs = 10;

/**
 * Plays a recording to the provider as the user's side of a conversation and returns when the last answer is over.
 * Constant memory for input of any length.
 */
export async function playRecording(options: RecordedTurnsOptions): Promise<RecordedTurns> {
  return new RecordedSpeaker(options).play();
}

class RecordedSpeaker {
  private readonly session: VoiceSession;
  private readonly vad: EnergyVad;
  private fedFrames = 0;
  private speechFound = false;
  private turnOpen = false;
  /** Turns the server has noticed, and those it has closed. */
  private serverStarted = 0;
  private serverStopped = 0;
  /** Turns the server had closed when our detector heard the current one begin. */
  private stoppedBefore = 0;
  private over = false;

  constructor(private readonly options: RecordedTurnsOptions) {
    this.session = options.session;
    const { manual, silenceMs } = options;
    const share = manual ? manualShare : keenShare;
    this.vad = new EnergyVad({ rateHz: this.session.profile.inputRateHz, silenceMs: silenceMs * share });
  }

  async play(): Promise<RecordedTurns> {
    const unsubscribe = this.session.subscribe(({ type }) => {
      if (type === 'speech.started') this.serverStarted += 1;
      if (type === 'speech.stopped') this.serverStopped += 1;
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
      const { fedFrames, speechFound, serverStarted } = this;
      return { fedMs: fedFrames * frameMs, speechFound, noticedTurns: serverStarted };
    } finally {
      unsubscribe();
    }
  }

  private async feed(frame: Uint8Array): Promise<void> {
    this.session.sendAudio(frame);
    this.fedFrames += 1;
    if (this.fedFrames % framesPerCheck === 0) {
      this.options.onProgress?.(this.fedFrames * frameMs);
      await this.session.drained();
    }
    for (const { type } of this.vad.push(samplesOf(frame))) {
      if (type === 'start') this.turnBegan();
      else await this.turnEnded();
    }
  }

  private turnBegan(): void {
    this.turnOpen = true;
    this.speechFound = true;
    this.stoppedBefore = this.serverStopped;
    // Nobody else hears that the user speaks over an answer.
    if (this.options.manual && this.options.pace === 'realtime') this.session.interrupt();
  }

  /** Our detector heard the end of a turn. With a microphone's pace nobody waits; else the answer comes first. */
  private async turnEnded(): Promise<void> {
    this.turnOpen = false;
    if (this.options.manual) {
      this.session.commit();
      if (this.options.pace === 'fast') await this.quiet();
    } else if (this.options.pace === 'fast') {
      await this.serverTurn();
      await this.quiet();
    }
  }

  private async finish(): Promise<void> {
    if (this.options.manual) {
      if (this.turnOpen || !this.speechFound) this.session.commit();
    } else if (this.speechFound || this.serverStarted > 0) {
      await this.serverTurn();
    }
    await this.quiet();
    await this.words();
  }

  /** What the user said may be known later than the answer to it. */
  private async words(): Promise<void> {
    const startedAtMs = performance.now();
    const pending = () => this.session.history.some(isPendingSpeech);
    while (!this.over && pending() && performance.now() - startedAtMs < wordsMs) await sleep(pollMs);
  }

  /** Silence, at the microphone's pace, until the server has closed the turn, or clearly sees none. */
  private async serverTurn(): Promise<void> {
    const silence = new Uint8Array((this.session.profile.inputRateHz * frameMs * 2) / 1000);
    const startedAtMs = performance.now();
    for (let sent = 0; !this.over; sent += 1) {
      if (this.serverStopped > this.stoppedBefore && this.serverStarted === this.serverStopped) return;
      const patience = this.serverStarted > this.serverStopped ? turnEndMs : noticeMs;
      if (sent * frameMs >= patience) return;
      this.session.sendAudio(silence);
      await sleepUntil(startedAtMs + sent * frameMs);
    }
  }

  /** The assistant has said all it wants to say. Every wait inside has its own deadline in the conversation. */
  private async quiet(): Promise<void> {
    while (!this.over && this.session.state !== 'listening' && this.session.state !== 'muted')
      await sleep(pollMs);
  }
}

function isPendingSpeech(item: HistoryItem): boolean {
  return item.kind === 'message' && item.role === 'user' && item.state === 'pending';
}

function samplesOf(frame: Uint8Array): Int16Array {
  if (frame.byteOffset % 2 === 0)
    return new Int16Array(frame.buffer, frame.byteOffset, frame.byteLength >> 1);
  return samplesOf(frame.slice());
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
