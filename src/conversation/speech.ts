import { Answers } from './answers.js';
import type { ModelEvent, PartKey } from './events.js';
import type { History } from './history.js';
import type { RenderedPart } from './inputs.js';
import { TurnLatency } from './latency.js';
import type { Outbox } from './outbox.js';
import { Playback, type PlayingPart } from './playback.js';
import type { Profile } from './profile.js';

/** Silence of the player after which the last known counters have to do, in milliseconds. */
const clearDeadlineMs = 700;
/** A device that renders nothing although it has something to render. */
const playbackDeadlineMs = 10_000;

type Output = Extract<
  ModelEvent,
  { type: 'output.item.added' | 'audio.delta' | 'audio.done' | 'text.delta' | 'text.done' }
>;

/** What comes out of the responses: words and sound on their way to the ear, and when they got there. */
export class Speech {
  readonly answers: Answers;
  readonly latency = new TurnLatency();
  private readonly playback = new Playback();

  constructor(
    private readonly out: Outbox,
    history: History,
    private readonly profile: Profile,
  ) {
    this.answers = new Answers(out, history, this.playback, profile);
  }

  /** Sound is waiting or sounding. */
  get sounding(): boolean {
    return this.playback.sounding;
  }

  /** Sound of this response waits or plays. */
  soundsOf(responseId: string): boolean {
    return this.playback.playsOf(responseId);
  }

  /** Whose sound waits or plays. */
  get sources(): ReadonlySet<string> {
    return this.playback.responses;
  }

  /** Complete sound waits, but the device renders nothing. */
  get stuck(): boolean {
    return this.playback.stuck(this.out.nowMs, playbackDeadlineMs);
  }

  receive(event: Output): void {
    const { responseId } = event;
    switch (event.type) {
      case 'output.item.added':
        if (event.item.kind === 'message') this.answers.begin(responseId, event.item.itemId);
        break;
      case 'audio.delta':
        this.onAudio(responseId, event, event.audio);
        break;
      case 'audio.done':
        this.endPart(event);
        break;
      case 'text.delta':
        this.answers.text(responseId, event, event.delta, event.spoken);
        break;
      case 'text.done':
        this.answers.textDone(responseId, event, event.text, event.spoken);
        break;
    }
  }

  private onAudio(responseId: string, { itemId, contentIndex }: PartKey, audio: Uint8Array): void {
    const samples = audio.byteLength >> 1;
    if (samples === 0) return;
    const { nowMs } = this.out;
    this.answers.begin(responseId, itemId);
    this.latency.audioReceived(responseId, nowMs);
    this.playback.receive(responseId, { itemId, contentIndex }, samples, nowMs);
    // Half a sample would make the player count differently from us.
    const whole = audio.subarray(0, samples * 2);
    this.out.push({ type: 'play', itemId, contentIndex, audio: whole });
    this.out.emit({ type: 'assistant.audio', responseId, itemId, contentIndex, bytes: whole.byteLength });
  }

  private endPart(key: PartKey): void {
    const part = this.playback.end(key);
    if (part === undefined) return;
    this.ended(part);
    this.takeFinished();
  }

  private ended(part: PlayingPart): void {
    const { itemId, contentIndex } = part;
    this.out.push({ type: 'play.end', itemId, contentIndex });
    this.tellEnd(part);
  }

  private tellEnd({ responseId, itemId, contentIndex, received }: PlayingPart): void {
    const receivedMs = Math.floor((received * 1000) / this.profile.outputRateHz);
    this.out.emit({ type: 'assistant.audio.done', responseId, itemId, contentIndex, receivedMs });
  }

  /** The response is over: nothing more will come of it. */
  responseClosed(responseId: string): void {
    for (const part of this.playback.endAll(responseId)) this.ended(part);
    this.takeFinished();
    this.answers.responseClosed(responseId);
  }

  rendered(parts: readonly RenderedPart[]): void {
    this.playback.render(parts, this.out.nowMs);
    this.takeFinished();
  }

  private takeFinished(): void {
    if (this.playback.anyRendered) this.latency.rendered(this.out.nowMs);
    for (const part of this.playback.takeFinished()) this.answers.heardFully(part);
  }

  /** Silence at once. What had been heard is settled when the player answers. */
  clear(): void {
    for (const part of this.playback.unended) this.tellEnd(part);
    const epoch = this.playback.startClear(this.out.nowMs);
    if (epoch !== undefined) this.out.push({ type: 'playback.clear', epoch });
  }

  cleared(epoch: number, parts: readonly RenderedPart[]): void {
    this.answers.interrupt(this.playback.finishClear(epoch, parts), true);
  }

  tick(): void {
    for (const epoch of this.playback.overdueClears(this.out.nowMs, clearDeadlineMs)) this.cleared(epoch, []);
  }

  /** Settles what still plays by the last known counters. */
  end(): void {
    for (const part of this.playback.unended) this.tellEnd(part);
    this.playback.startClear(this.out.nowMs);
    for (const epoch of this.playback.overdueClears(Number.POSITIVE_INFINITY, 0)) {
      this.answers.interrupt(this.playback.finishClear(epoch, []), false);
    }
  }
}
