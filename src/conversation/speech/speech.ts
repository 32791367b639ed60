import type { ModelEvent, PartKey } from '../../contract/events.js';
import type { RenderedPart } from '../../contract/inputs.js';
import type { Profile } from '../../contract/profile.js';
import type { Outbox } from '../core/outbox.js';
import type { History } from '../memory/history.js';
import { Answers } from './answers.js';
import { TurnLatency } from './latency.js';
import { Playback, type PlayingPart } from './playback.js';
import { RemotePlayback } from './remote-playback.js';

/** Silence of the player after which the last known counters have to do, in milliseconds. */
const clearDeadlineMs = 700;
/** A device that renders nothing although it has something to render. */
const playbackDeadlineMs = 10_000;

type Output = Extract<
  ModelEvent,
  { type: 'output.item.added' | 'audio.delta' | 'audio.done' | 'text.delta' | 'text.done' }
>;

/** What is told of sound that takes another way than ours. */
type Elsewhere = Extract<
  ModelEvent,
  { type: 'output.started' | 'output.stopped' | 'output.cleared' | 'item.truncated' }
>;

/** What comes out of the responses: words and sound on their way to the ear, and when they got there. */
export class Speech {
  readonly answers: Answers;
  readonly latency = new TurnLatency();
  private readonly playback = new Playback();
  /** Absent where the sound is ours to play. */
  private readonly far: RemotePlayback | undefined;

  constructor(
    private readonly out: Outbox,
    history: History,
    private readonly profile: Profile,
  ) {
    const has = (itemId: string) => this.playback.has(itemId) || this.far?.has(itemId) === true;
    this.answers = new Answers(out, history, { has }, profile);
    if (profile.mediaElsewhere !== true) return;
    this.far = new RemotePlayback(out, profile.outputRateHz, {
      finished: (part) => this.answers.heardFully(part),
      cut: (part) => this.answers.interrupt([part], false),
    });
  }

  /** What is said is heard in another place: nothing is played here. */
  get isElsewhere(): boolean {
    return this.far !== undefined;
  }

  /** Sound is waiting or sounding. */
  get sounding(): boolean {
    return this.playback.sounding || this.far?.sounding === true;
  }

  /** Sound of this response waits or plays. */
  soundsOf(responseId: string): boolean {
    return this.playback.playsOf(responseId) || this.far?.playsOf(responseId) === true;
  }

  /** How much of this response was heard, in milliseconds. */
  heardMs(responseId: string): number {
    return Math.floor((this.playback.heardOf(responseId) * 1000) / this.profile.outputRateHz);
  }

  /** Whose sound waits or plays. */
  get sources(): ReadonlySet<string> {
    return new Set([...this.playback.responses, ...(this.far?.sources ?? [])]);
  }

  /** Complete sound waits, but the device renders nothing. */
  get stuck(): boolean {
    return this.playback.stuck(this.out.nowMs, playbackDeadlineMs);
  }

  receive(event: Output): void {
    const { responseId } = event;
    // It is heard elsewhere; what comes of it here is nothing to play.
    if (this.far !== undefined && event.type.startsWith('audio.')) return;
    if ('itemId' in event) this.far?.note(responseId, event.itemId);
    else if (event.item.kind === 'message') this.far?.note(responseId, event.item.itemId);
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

  /** What a caller hears. */
  elsewhere(event: Elsewhere): void {
    if (event.type === 'item.truncated') {
      this.far?.truncated(event.itemId, event.contentIndex, event.audioEndMs);
    } else if (this.far?.receive(event) === true) {
      this.latency.audioReceived(event.responseId, this.out.nowMs);
      this.latency.rendered(this.out.nowMs);
    }
  }

  /** Nothing more will be told of what a caller hears. `running`: these answers were still being said. */
  loseSight(running: ReadonlySet<string>): void {
    this.far?.giveUp((responseId) => !running.has(responseId));
  }

  /** The provider has to stop what a caller hears; it would play on. */
  clearElsewhere(): void {
    if (this.far !== undefined) this.out.send({ type: 'output.clear', eventId: this.out.newId('clear') });
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

  /** Nothing more will come of the response, although it was not at its end; what has come is heard. */
  curtail(responseId: string): void {
    this.answers.curtail(responseId, (key) => this.playback.find(key));
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
    this.far?.tick();
    for (const epoch of this.playback.overdueClears(this.out.nowMs, clearDeadlineMs)) this.cleared(epoch, []);
  }

  /** Settles what still plays by the last known counters. */
  end(): void {
    this.far?.giveUp(() => false);
    for (const part of this.playback.unended) this.tellEnd(part);
    this.playback.startClear(this.out.nowMs);
    for (const epoch of this.playback.overdueClears(Number.POSITIVE_INFINITY, 0)) {
      this.answers.interrupt(this.playback.finishClear(epoch, []), false);
    }
  }
}
