import { AssistantTurns } from './assistant-turns.js';
import type { Effect } from './effects.js';
import type { ModelEvent } from './events.js';
import { type Ending, ExitCode } from './exit.js';
import { Handover } from './handover.js';
import { History } from './history.js';
import type { Input } from './inputs.js';
import type { HistoryItem } from './items.js';
import type { HistoryLimit, Limits } from './limits.js';
import { Opening } from './opening.js';
import { isTidying, Outbox } from './outbox.js';
import { Pictures } from './pictures.js';
import type { PriceTable } from './prices.js';
import type { Profile } from './profile.js';
import { Renewal } from './renewal.js';
import { SelfHearing, suspicionMs } from './self-hearing.js';
import type { SessionSettings } from './settings.js';
import { Trouble } from './trouble.js';
import type { Usage } from './usage.js';
import { UsageMeter } from './usage-meter.js';
import { UserTurns } from './user-turns.js';
import { WaitingRoom } from './waiting-room.js';

export interface ConversationOptions {
  readonly profile: Profile;
  readonly settings: SessionSettings;
  /** Watch for the assistant hearing itself and ask for half-duplex when it does. */
  readonly watchEcho: boolean;
  /** Somebody makes a new connection when this one ends. Default false: the conversation ends with it. */
  readonly reconnects?: boolean | undefined;
  /** Who has the conversation at its beginning, where there are agents. */
  readonly agent?: string | undefined;
  /** What was said in an earlier session; the provider is told before the first word. */
  readonly history?: readonly HistoryItem[] | undefined;
  readonly historyLimit?: HistoryLimit | undefined;
  readonly limits?: Limits | undefined;
  /** What tokens cost; absent: no cost is told. */
  readonly prices?: PriceTable | undefined;
}

export type ConversationState =
  | 'connecting'
  | 'listening'
  | 'hearing'
  | 'thinking'
  | 'speaking'
  | 'reconnecting'
  | 'ended';

/** WebSocket's code for an end in order. */
const closedInOrder = 1000;

/**
 * What a voice conversation is: who has the floor, which response is open, how much of it was heard, which tool
 * calls are owed an answer. Inputs in, effects out; no clock, no I/O, no randomness. The same inputs give the same effects.
 */
export class Conversation {
  private readonly out = new Outbox();
  private readonly selfHearing = new SelfHearing();
  private readonly trouble = new Trouble(this.out);
  private readonly historyList = new History(this.out);
  private readonly meter: UsageMeter;
  private readonly user: UserTurns;
  private readonly assistant: AssistantTurns;
  private readonly pictures: Pictures;
  private phase: 'opening' | 'ready' | 'lost' | 'reopening' | 'ended' = 'opening';
  private readonly opening: Opening;
  private readonly handover = new Handover();
  private readonly renewal: Renewal;
  private readonly waiting = new WaitingRoom();
  private soundedAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: ConversationOptions) {
    const { profile, settings } = options;
    this.opening = new Opening(this.out, profile, settings);
    this.renewal = new Renewal(this.out, this.historyList, profile, settings);
    this.meter = new UsageMeter(this.out, profile.usage === 'cumulative');
    this.pictures = new Pictures(this.out, profile);
    this.user = new UserTurns(this.out, this.historyList, profile, settings);
    this.assistant = new AssistantTurns({
      out: this.out,
      profile,
      history: this.historyList,
      userTurns: this.user,
      meter: this.meter,
      trouble: this.trouble,
    });
  }

  get state(): ConversationState {
    if (this.phase === 'ended') return 'ended';
    if (this.phase === 'opening') return 'connecting';
    if (this.phase !== 'ready') return 'reconnecting';
    if (this.user.speaking) return 'hearing';
    if (this.assistant.sounding) return 'speaking';
    if (this.assistant.thinking || this.user.awaitingAnswer) return 'thinking';
    return 'listening';
  }

  get history(): readonly HistoryItem[] {
    return this.historyList.items;
  }

  get usage(): Usage {
    return this.meter.total;
  }

  /** One thing happened at this time (milliseconds since the session started, never backwards). */
  handle(input: Input, nowMs: number): Effect[] {
    if (this.phase === 'ended') return [];
    if (Number.isFinite(nowMs)) this.out.nowMs = Math.max(nowMs, this.out.nowMs);
    this.apply(input);
    if (this.ongoing) this.proceed();
    return this.out.drain();
  }

  /** Read through a getter, because `apply` changes the phase behind the compiler's back. */
  private get ongoing(): boolean {
    return this.phase !== 'ended';
  }

  private apply(input: Input): void {
    if (this.phase !== 'ready' && this.waiting.keeps(input, this.phase === 'opening')) return;
    switch (input.type) {
      case 'model':
        // Of a connection that is gone nothing counts any more.
        if (this.phase !== 'lost') this.onModel(input.event);
        break;
      case 'link.up':
        this.opening.connected();
        break;
      case 'link.lost':
        this.onLinkLost(input);
        break;
      case 'link.restored':
        this.onLinkRestored(input.resume);
        break;
      case 'link.expires':
        if (this.options.reconnects === true) this.handover.expect(this.out.nowMs, input.inMs);
        break;
      case 'user.text':
        this.onTyped(input.text);
        break;
      case 'user.image':
        this.pictures.show(input);
        break;
      case 'user.interrupt':
        this.assistant.silence();
        break;
      case 'user.speech':
        this.onOwnSpeech();
        break;
      case 'user.discard':
        this.user.discard();
        break;
      case 'user.commit':
        this.user.commit();
        this.assistant.turnEnded();
        break;
      case 'playback.rendered':
        this.assistant.rendered(input.parts);
        break;
      case 'playback.cleared':
        this.assistant.cleared(input.epoch, input.parts);
        break;
      case 'playback.drained':
        break;
      case 'device.lost':
        this.out.emit({ type: 'warning', code: 'device.lost', message: input.message });
        // What was queued is gone with the device; a half-heard answer must not wait for it.
        this.assistant.interrupt({ cancel: true, byHand: false });
        break;
      case 'device.restored':
        this.out.emit({ type: 'warning', code: 'device.restored', message: input.message });
        break;
      case 'tool.ended':
        this.assistant.toolEnded(input.callId, input.outcome);
        break;
      case 'tick':
        this.onTick();
        break;
      case 'end':
        this.end(input.ending);
        break;
    }
  }

  /** What follows from the new state, whatever led to it. */
  private proceed(): void {
    if (this.phase !== 'ready') return;
    this.changeInTime();
    if (this.phase !== 'ready') return;
    if (this.assistant.sounding) this.soundedAtMs = this.out.nowMs;
    this.assistant.proceed();
  }

  private onModel(event: ModelEvent): void {
    switch (event.type) {
      case 'session.created':
        this.opening.created(event);
        break;
      case 'session.updated':
        this.opening.learn(event);
        if (event.transcribes === false) this.user.notTranscribed();
        this.becomeReady();
        break;
      case 'session.ended':
        this.end({ exitCode: ExitCode.network, reason: 'session.ended', message: event.reason });
        break;
      case 'speech.started':
        this.onSpeechStarted(event.itemId, event.audioStartMs);
        break;
      case 'speech.stopped':
        if (this.user.stopped(event.itemId, event.audioEndMs)) this.assistant.turnEnded();
        break;
      case 'input.committed':
        if (this.user.committed(event.itemId, event.previousItemId)) {
          this.assistant.want(event.itemId);
          this.assistant.acknowledge(event.itemId);
        }
        break;
      case 'input.cleared':
        this.user.cleared();
        break;
      case 'input.timeout':
        break;
      case 'item.added':
      case 'item.done':
        this.assistant.acknowledge(event.item.itemId);
        break;
      case 'item.deleted':
        this.historyList.remove(event.itemId);
        break;
      case 'item.truncated':
        break;
      case 'user.transcript.delta':
        this.user.transcriptDelta(event.itemId, event.delta);
        break;
      case 'user.transcript.updated':
        this.user.transcriptUpdated(event.itemId, event.text);
        break;
      case 'user.transcript.done':
        this.user.transcriptDone(event.itemId, event.text);
        this.checkEcho(event.itemId, event.text);
        break;
      case 'user.transcript.failed':
        this.user.transcriptFailed(event.itemId, event.message);
        break;
      case 'interrupted':
        this.assistant.interrupt({ cancel: false, byHand: false });
        break;
      case 'usage':
        this.meter.count(event.usage);
        break;
      case 'tool.call.cancelled':
        for (const callId of event.callIds) this.assistant.cancelCall(callId, 'cancelled by the model');
        break;
      case 'server.tool.started':
        this.assistant.serverToolStarted(event.itemId);
        break;
      case 'server.tool.done':
        this.assistant.serverToolDone(event.itemId);
        break;
      case 'going.away':
        if (this.options.reconnects === true) this.handover.announce(this.out.nowMs, event.timeLeftMs);
        else this.trouble.goingAway(event.timeLeftMs);
        break;
      case 'error':
        this.onError(event);
        break;
      case 'resume.handle':
        if (this.phase === 'reopening') this.renewal.named(event.handle);
        break;
      case 'rate.limits':
      case 'other':
        break;
      default:
        this.assistant.receive(event);
    }
  }

  private becomeReady(): void {
    if (this.phase === 'opening') this.out.emit(this.opening.readyEvent);
    else if (this.phase === 'reopening') this.takeUp();
    else return;
    this.phase = 'ready';
    for (const input of this.waiting.empty()) this.apply(input);
  }

  private onLinkLost({ code, reason, ending, retrying }: Extract<Input, { type: 'link.lost' }>): void {
    // Until it is restored, further connections that fail are the same loss.
    const told = this.phase === 'lost' || this.phase === 'reopening';
    if (!told) this.out.emit({ type: 'link.lost', code, reason });
    this.out.connected = false;
    if (retrying !== true || this.phase === 'opening') this.end(ending);
    else this.letGo();
  }

  /** The provider is about to leave; we go first, when it disturbs least, and never in the middle of a call. */
  private changeInTime(): void {
    const wanted = this.handover.wanted(this.out.nowMs);
    if (wanted === 'no' || this.assistant.callsRunning) return;
    if (wanted === 'quiet' && this.state !== 'listening') return;
    this.change('a new connection takes over');
  }

  private change(reason: string): void {
    this.out.emit({ type: 'link.lost', code: closedInOrder, reason });
    this.out.push({ type: 'reconnect' });
    this.out.connected = false;
    this.letGo();
  }

  /** Settles what was open on a connection that is no more. */
  private letGo(): void {
    this.phase = 'lost';
    this.handover.done();
    const turn = this.user.connectionLost();
    this.renewal.lost(this.assistant.connectionLost(turn));
    if (turn === 'lost') this.trouble.speechLost();
  }

  private onLinkRestored(resume: string | undefined): void {
    if (this.phase !== 'lost') return;
    this.phase = 'reopening';
    this.out.connected = true;
    this.meter.connectionChanged();
    this.opening.connected(this.renewal.begin(resume, this.assistant.said));
  }

  /** The new connection has our settings; it learns what it does not know of the conversation. */
  private takeUp(): void {
    const playing = this.renewal.tell(this.assistant.said);
    const { stateRestored, knowsCalls } = this.renewal;
    this.assistant.connectionChanged(knowsCalls, playing);
    this.out.emit({ type: 'link.restored', stateRestored });
  }

  private onTyped(text: string): void {
    const { typedText, typedTextNote, model } = this.options.profile;
    if (!typedText) {
      this.trouble.textUnsupported(model);
      return;
    }
    if (typedTextNote !== undefined) this.trouble.textExperimental(typedTextNote);
    this.assistant.interrupt({ cancel: true, byHand: true });
    const itemId = this.user.typed(text);
    this.assistant.turnEnded();
    this.assistant.want(itemId);
  }

  private onSpeechStarted(itemId: string | undefined, audioStartMs: number | undefined): void {
    const ownVoice = this.assistant.sounding || this.out.nowMs - this.soundedAtMs <= suspicionMs;
    // Even where no end of the last speech was reported: whoever speaks over an answer wants silence.
    const began = this.user.began(itemId, audioStartMs);
    if (began && ownVoice && itemId !== undefined && this.options.watchEcho) {
      this.selfHearing.interrupted(itemId, this.assistant.recentWords);
    }
    this.assistant.interrupt({ cancel: !this.options.profile.interruptsItself, byHand: false });
  }

  /** Sound of a turn that we shall end ourselves follows. */
  private onOwnSpeech(): void {
    const began = this.user.began(undefined, undefined);
    this.assistant.interrupt({ cancel: true, byHand: false });
    if (began && this.user.endsByHand) this.out.send({ type: 'turn.begin' });
  }

  private checkEcho(itemId: string, text: string): void {
    if (!this.options.watchEcho || !this.selfHearing.heard(itemId, text)) return;
    this.out.push({ type: 'echo.half-duplex' });
    this.trouble.selfHearing();
  }

  private onError(event: Extract<ModelEvent, { type: 'error' }>): void {
    if (event.fatal) {
      if (event.cause === 'expired' && this.options.reconnects === true && this.phase === 'ready')
        this.change(event.message);
      else this.end(this.trouble.fatal(event));
      return;
    }
    const activeResponse = event.cause === 'activeResponse';
    const ours = this.assistant.createFailed(event.eventId, activeResponse);
    if (activeResponse) return;
    if (this.phase !== 'ready' && this.opening.refused(event)) {
      this.trouble.settingsRefused(event.message);
      this.becomeReady();
      return;
    }
    if (this.user.commitFailed(event) || isTidying(event.eventId)) return;
    this.trouble.report(event, ours);
  }

  private onTick(): void {
    if (this.opening.overdue) this.becomeReady();
    this.assistant.tick();
    this.user.tick();
    if (this.phase === 'ready') this.pictures.tick();
  }

  /** The last thing that happens: nothing is emitted after it, and history holds what was really heard. */
  private end(ending: Ending): void {
    this.assistant.end();
    this.user.end();
    this.phase = 'ended';
    this.out.emit({
      type: 'session.ended',
      exitCode: ending.exitCode,
      reason: ending.reason,
      ...(ending.message === undefined ? {} : { message: ending.message }),
    });
    this.out.push({ type: 'end', ending });
  }
}
