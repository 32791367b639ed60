import type { ConversationOptions } from '../contract/conversation-options.js';
import type { Effect } from '../contract/effects.js';
import { type Ending, ExitCode } from '../contract/exit.js';
import type { Input } from '../contract/inputs.js';
import type { HistoryItem } from '../contract/items.js';
import type { Usage } from '../contract/usage.js';
import { AssistantTurns } from './assistant/assistant-turns.js';
import { BargeIn } from './barge-in.js';
import { Connection } from './connection.js';
import { Outbox } from './core/outbox.js';
import { Persona } from './core/persona.js';
import { Trouble } from './core/trouble.js';
import { Handoffs } from './handoffs.js';
import { earlierItems } from './memory/earlier-items.js';
import { Forgetting } from './memory/forgetting.js';
import { History } from './memory/history.js';
import { Rewriting } from './memory/rewriting.js';
import { ProviderEvents } from './provider-events.js';
import { LimitWatch } from './spending/limit-watch.js';
import { UsageMeter } from './spending/usage-meter.js';
import { Pictures } from './user/pictures.js';
import { UserTurns } from './user/user-turns.js';

export type { ConversationOptions } from '../contract/conversation-options.js';

export type ConversationState =
  | 'connecting'
  | 'listening'
  | 'hearing' // the user speaks
  | 'thinking' // the turn is over, no sound yet
  | 'speaking'
  | 'reconnecting'
  | 'ended';

/**
 * What a voice conversation is: who has the floor, which response is open, how much of it was heard, which tool calls
 * are owed an answer. Inputs in, effects out; no clock, no I/O, no randomness. The same inputs give the same effects.
 */
export class Conversation {
  private readonly out = new Outbox();
  private readonly trouble = new Trouble(this.out);
  private readonly historyList = new History(this.out);
  private readonly meter: UsageMeter;
  private readonly user: UserTurns;
  private readonly assistant: AssistantTurns;
  private readonly pictures: Pictures;
  private readonly persona: Persona;
  private readonly connection: Connection;
  private readonly handoffs: Handoffs;
  private readonly provider: ProviderEvents;
  private readonly bargeIn: BargeIn;
  private readonly limits: LimitWatch;
  private readonly forgetting: Forgetting;
  private readonly rewriting: Rewriting;

  constructor(options: ConversationOptions) {
    const { profile, settings, reconnects = false } = options;
    this.meter = new UsageMeter(this.out, {
      cumulative: profile.usage === 'cumulative',
      model: profile.model,
      prices: options.prices,
    });
    this.limits = new LimitWatch({
      out: this.out,
      history: this.historyList,
      meter: this.meter,
      rules: options,
    });
    this.historyList.seed(earlierItems(options.history ?? []));
    this.forgetting = new Forgetting(this.out, this.historyList, profile, options.historyLimit);
    this.forgetting.proceed(false);
    this.pictures = new Pictures(this.out, profile);
    this.persona = new Persona(this.out, profile, settings, options.agent);
    this.user = new UserTurns(this.out, this.historyList, profile, settings, this.persona, this.trouble);
    this.assistant = new AssistantTurns({
      out: this.out,
      profile,
      persona: this.persona,
      history: this.historyList,
      userTurns: this.user,
      meter: this.meter,
      trouble: this.trouble,
      limits: this.limits,
      remind: (words) => this.connection.remind(words),
      retell: () => this.connection.retell(),
    });
    this.rewriting = new Rewriting(this.out, this.historyList, profile, this.assistant.interruptions);
    this.bargeIn = new BargeIn({
      out: this.out,
      profile,
      persona: this.persona,
      user: this.user,
      assistant: this.assistant,
      trouble: this.trouble,
      options,
    });
    this.connection = new Connection({
      out: this.out,
      profile,
      persona: this.persona,
      reconnects,
      history: this.historyList,
      user: this.user,
      assistant: this.assistant,
      meter: this.meter,
      trouble: this.trouble,
      apply: (input) => this.apply(input),
    });
    const { out, connection, user, assistant } = this;
    this.handoffs = new Handoffs({ out, profile, connection, user, assistant });
    this.provider = new ProviderEvents({
      out,
      connection,
      user,
      assistant,
      history: this.historyList,
      bargeIn: this.bargeIn,
      meter: this.meter,
      trouble: this.trouble,
      end: (ending) => this.end(ending),
    });
  }

  get state(): ConversationState {
    const { phase } = this.connection;
    if (phase === 'ended') return 'ended';
    if (phase === 'opening') return 'connecting';
    if (phase !== 'ready') return 'reconnecting';
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
    if (!this.ongoing) return [];
    if (Number.isFinite(nowMs)) this.out.nowMs = Math.max(nowMs, this.out.nowMs);
    this.apply(input);
    if (this.ongoing) this.keepLimits();
    if (this.ongoing) this.proceed();
    return this.out.drain();
  }

  private get ongoing(): boolean {
    return this.connection.phase !== 'ended';
  }

  private apply(input: Input): void {
    if (this.connection.keeps(input)) return;
    switch (input.type) {
      case 'model':
        // Of a connection that is gone nothing counts any more.
        if (this.connection.phase !== 'lost') this.provider.said(this.out.ids.inward(input.event));
        break;
      case 'link.up':
        this.connection.up();
        break;
      case 'link.lost': {
        const ending = this.connection.lost(input);
        if (ending !== undefined) this.end(ending);
        break;
      }
      case 'link.restored':
        this.connection.restored(input.resume);
        break;
      case 'link.expires':
        this.connection.expires(input.inMs);
        break;
      case 'sound.resent':
        this.user.resent(input);
        break;
      case 'user.text':
        this.bargeIn.typed(input.text);
        break;
      case 'user.image':
        this.pictures.show(input);
        break;
      case 'user.interrupt':
        this.assistant.interruptions.silence();
        break;
      case 'user.speech':
        this.bargeIn.ownSpeech();
        break;
      case 'user.discard':
        this.user.discard();
        break;
      case 'user.commit':
        this.user.commit();
        this.assistant.turnEnded();
        break;
      case 'answer.wanted':
        this.assistant.oweAnswer();
        break;
      case 'playback.rendered':
        this.assistant.rendered(input.parts);
        break;
      case 'playback.cleared':
        this.assistant.speech.cleared(input.epoch, input.parts);
        break;
      case 'playback.drained':
        break;
      case 'device.lost':
        this.out.emit({ type: 'warning', code: 'device.lost', message: input.message });
        // What was queued is gone with the device; a half-heard answer must not wait for it.
        this.assistant.interruptions.interrupt({ cancel: true, byHand: false });
        break;
      case 'device.restored':
        this.out.emit({ type: 'warning', code: 'device.restored', message: input.message });
        break;
      case 'tool.ended':
        if (!this.handoffs.keeps(input)) this.onToolEnded(input);
        break;
      case 'tool.approval.required':
      case 'tool.began':
      case 'tool.progressed':
      case 'tool.guardrail.tripped':
        this.assistant.tools.calls.told(input);
        break;
      case 'guardrail.tripped':
        this.assistant.interruptions.guardrailTripped(input);
        break;
      case 'history.replaced':
        this.rewriting.replace(input.items, this.connection.ready);
        break;
      case 'settings.changed':
        if (!this.handoffs.keeps(input)) this.connection.changeSettings(input);
        break;
      case 'tick':
        this.onTick();
        break;
      case 'end':
        this.end(input.ending);
        break;
    }
  }

  /** A session that has reached its limit needs no connection to end. */
  private keepLimits(): void {
    const ending = this.limits.ending({
      sounding: this.assistant.sounding,
      answering: this.assistant.giving,
      pending: this.assistant.thinking || this.user.awaitingAnswer,
      userSpeaks: this.user.speaking,
    });
    if (ending !== undefined) this.end(ending);
  }

  /** What follows from the new state, whatever led to it. */
  private proceed(): void {
    this.handOver();
    if (!this.connection.ready) return;
    this.connection.changeInTime(() => this.state === 'listening');
    this.handOver();
    if (!this.connection.ready) return;
    this.bargeIn.proceed();
    this.forgetting.proceed(true);
    this.assistant.proceed();
  }

  private handOver(): void {
    for (const input of this.handoffs.take()) {
      if (input.type === 'tool.ended') this.onToolEnded(input);
      else this.connection.changeSettings(input);
    }
  }

  private onToolEnded({ callId, outcome }: Extract<Input, { type: 'tool.ended' }>): void {
    if (outcome.kind === 'finished' && outcome.handoff !== undefined) {
      this.connection.handOver(outcome.handoff, (renewed) =>
        this.assistant.tools.ended(callId, outcome, renewed),
      );
      return;
    }
    const known = this.assistant.tools.ended(callId, outcome, false) !== undefined;
    if (!known || outcome.kind !== 'failed' || outcome.raise !== true) return;
    this.end({ exitCode: ExitCode.stopped, reason: 'tool.raised', message: outcome.message });
  }

  private onTick(): void {
    this.connection.tick();
    this.assistant.tick();
    this.user.tick();
    if (this.connection.ready) this.pictures.tick();
  }

  /** The last thing that happens: nothing is emitted after it, and history holds what was really heard. */
  private end(ending: Ending): void {
    this.assistant.end();
    this.user.words.end();
    this.connection.phase = 'ended';
    this.out.emit({
      type: 'session.ended',
      exitCode: ending.exitCode,
      reason: ending.reason,
      ...(ending.message === undefined ? {} : { message: ending.message }),
    });
    this.out.push({ type: 'end', ending });
  }
}
