import { AssistantTurns } from './assistant-turns.js';
import type { Effect } from './effects.js';
import type { ModelEvent } from './events.js';
import { type Ending, ExitCode } from './exit.js';
import { History } from './history.js';
import type { Input } from './inputs.js';
import type { HistoryItem } from './items.js';
import { isTidying, Outbox } from './outbox.js';
import { Pictures } from './pictures.js';
import type { Profile } from './profile.js';
import { SelfHearing, suspicionMs } from './self-hearing.js';
import type { SessionSettings } from './settings.js';
import { Trouble } from './trouble.js';
import type { Usage } from './usage.js';
import { UsageMeter } from './usage-meter.js';
import { UserTurns } from './user-turns.js';

export interface ConversationOptions {
  readonly profile: Profile;
  readonly settings: SessionSettings;
  /** Watch for the assistant hearing itself and ask for half-duplex when it does. */
  readonly watchEcho: boolean;
}

export type ConversationState = 'connecting' | 'listening' | 'hearing' | 'thinking' | 'speaking' | 'ended';

/** `session.created` to `session.updated`; some compatible servers never confirm. */
const settingsPatienceMs = 10_000;

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
  private phase: 'opening' | 'ready' | 'ended' = 'opening';
  private settingsSent: { readonly eventId: string; readonly atMs: number } | undefined;
  private session: { id: string; model?: string; voice?: string; expiresAtMs?: number } = { id: '' };
  /** The server has said something about the session. */
  private greeted = false;
  /** What the user did before the session was ready. */
  private waiting: Input[] = [];
  private soundedAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: ConversationOptions) {
    const { profile, settings } = options;
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
    if (this.phase === 'opening' && input.type.startsWith('user.')) {
      this.waiting.push(input);
      return;
    }
    switch (input.type) {
      case 'model':
        this.onModel(input.event);
        break;
      case 'link.up':
        if (this.options.profile.speaksFirst === 'client') this.sendSettings();
        break;
      case 'link.lost':
        this.out.emit({ type: 'link.lost', code: input.code, reason: input.reason });
        this.end(input.ending);
        break;
      case 'link.restored':
        this.out.emit({ type: 'link.restored', stateRestored: input.stateRestored });
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
    if (this.assistant.sounding) this.soundedAtMs = this.out.nowMs;
    this.assistant.proceed();
  }

  private onModel(event: ModelEvent): void {
    switch (event.type) {
      case 'session.created':
        this.session.id = event.sessionId;
        this.greeted = true;
        this.learn(event);
        this.sendSettings();
        break;
      case 'session.updated':
        this.learn(event);
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
        this.out.emit({
          type: 'warning',
          code: 'going.away',
          message: `The provider closes this connection in ${Math.round(event.timeLeftMs / 1000)} s.`,
        });
        break;
      case 'error':
        this.onError(event);
        break;
      case 'rate.limits':
      case 'resume.handle':
      case 'other':
        break;
      default:
        this.assistant.receive(event);
    }
  }

  private learn({
    model,
    voice,
    expiresAtMs,
  }: {
    model?: string | undefined;
    voice?: string | undefined;
    expiresAtMs?: number | undefined;
  }): void {
    if (model !== undefined) this.session.model = model;
    if (voice !== undefined) this.session.voice = voice;
    if (expiresAtMs !== undefined) this.session.expiresAtMs = expiresAtMs;
  }

  private sendSettings(): void {
    if (this.phase !== 'opening' || this.settingsSent !== undefined) return;
    const eventId = this.out.newId('settings');
    this.settingsSent = { eventId, atMs: this.out.nowMs };
    this.out.send({ type: 'session.update', settings: this.options.settings, eventId });
  }

  private becomeReady(): void {
    if (this.phase !== 'opening') return;
    this.phase = 'ready';
    const { profile } = this.options;
    const { id, model, voice, expiresAtMs } = this.session;
    this.out.emit({
      type: 'session.ready',
      provider: profile.provider,
      model: model ?? profile.model,
      sessionId: id,
      inputRateHz: profile.inputRateHz,
      outputRateHz: profile.outputRateHz,
      ...(voice === undefined ? {} : { voice }),
      ...(expiresAtMs === undefined ? {} : { expiresAt: expiresAtMs }),
    });
    const waiting = this.waiting;
    this.waiting = [];
    for (const input of waiting) this.apply(input);
  }

  private onTyped(text: string): void {
    if (!this.options.profile.typedText) {
      this.out.emit({
        type: 'warning',
        code: 'text.unsupported',
        message: `${this.options.profile.model} does not take typed messages.`,
        hint: 'Speak instead, or choose another model.',
      });
      return;
    }
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
    this.out.emit({
      type: 'warning',
      code: 'echo.self-hearing',
      message: 'I am hearing myself; the microphone is now muted while I speak.',
      hint: 'Use headphones, or start with --echo half-duplex.',
    });
  }

  private onError(event: Extract<ModelEvent, { type: 'error' }>): void {
    if (event.fatal) {
      this.end(this.trouble.fatal(event));
      return;
    }
    const activeResponse = event.cause === 'activeResponse';
    const ours = this.assistant.createFailed(event.eventId, activeResponse);
    if (activeResponse) return;
    if (this.isAboutSettings(event)) {
      this.trouble.settingsRefused(event.message);
      this.becomeReady();
      return;
    }
    if (this.user.commitFailed(event) || isTidying(event.eventId)) return;
    this.trouble.report(event, ours);
  }

  /** Until they are confirmed the settings are all we have sent, so an error that names nothing is about them, too. */
  private isAboutSettings({ eventId, source }: Extract<ModelEvent, { type: 'error' }>): boolean {
    if (this.phase !== 'opening' || this.settingsSent === undefined || source !== 'provider') return false;
    // A server that waits for our settings has no session without them.
    if (!this.greeted) return false;
    return eventId === undefined || eventId === this.settingsSent.eventId;
  }

  private onTick(): void {
    const { nowMs } = this.out;
    const { settingsSent } = this;
    const overdue = settingsSent !== undefined && nowMs - settingsSent.atMs >= settingsPatienceMs;
    if (this.greeted && overdue) this.becomeReady();
    this.assistant.tick();
    this.user.tick();
    this.pictures.tick();
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
