import assert from 'node:assert/strict';
import type { Command } from '../../../src/contract/commands.js';
import type { Effect } from '../../../src/contract/effects.js';
import type { ModelEvent } from '../../../src/contract/events.js';
import type { Input, ToolOutcome } from '../../../src/contract/inputs.js';
import type { HistoryItem } from '../../../src/contract/items.js';
import type { Profile } from '../../../src/contract/profile.js';
import type { Conversation } from '../../../src/conversation/conversation.js';
import { samplesPerMs } from './profiles.js';

/** Of a response that is not wanted any more. */
function tidies({ type }: Command): boolean {
  return type === 'response.cancel' || type === 'item.delete' || type === 'item.truncate';
}

/** `response.create` without any sign of an answer counts as lost after this long. */
const createPatienceMs = 15_000;

interface PendingCreate {
  readonly eventId: string | undefined;
  readonly sentAtMs: number;
  /** The user took the floor before it was answered. */
  unwanted: boolean;
}

/**
 * Watches one conversation from outside and holds it to what is always true, whatever comes in. It knows inputs and
 * effects only.
 */
export class Witness {
  private ended = false;
  private ready = false;
  private create: PendingCreate | undefined;
  private readonly seen = new Set<string>();
  /** What the server calls them, on this connection, and what the conversation does. */
  private readonly responseIds = new Map<string, string>();
  private readonly itemIds = new Map<string, string>();
  /** Responses that nobody wants any more, by the server's ids. */
  private readonly unwanted = new Set<string>();
  /** Ids of messages that the program has put into the conversation. */
  private readonly writtenByProgram = new Set<string>();
  /** Items of earlier connections. */
  private readonly formerItems = new Set<string>();
  /** Calls that the server makes on this connection, by its ids. */
  private readonly seenCalls = new Set<string>();
  /** A call that the server has just been told of. */
  private toldCall: string | undefined;
  /** The call whose end was told last; what is sent next is its answer. */
  private endedCall: string | undefined;
  private readonly started = new Set<string>();
  private readonly done = new Set<string>();
  private readonly stale = new Set<string>();
  private readonly running = new Set<string>();
  private readonly ran = new Set<string>();
  private readonly answered = new Set<string>();
  /** Calls that have been told to run. */
  private readonly begun = new Set<string>();
  /** Finished, failed, or given up because the user interrupted; and not answered yet. */
  private readonly settled = new Set<string>();
  /** Calls of an earlier connection that still ran when this one began: it need not know them. */
  private readonly inherited = new Set<string>();
  private readonly truncated = new Set<string>();
  private readonly receivedSamples = new Map<string, number>();
  private readonly writtenItems = new Set<string>();
  private readonly history: HistoryItem[] = [];
  private lastEpoch = 0;
  /** A turn of the user has ended whose sound is still needed. */
  private unsettled = false;
  private toldVoice: string | undefined;
  /** There is somebody to send to. */
  private linked = true;
  /** A new connection is told what it does not know. */
  private renewing = false;

  constructor(
    private readonly profile: Profile,
    private readonly conversation: Conversation,
  ) {}

  /** To be called before the input is handled: some inputs change what may follow. */
  before(input: Input, nowMs: number): void {
    if (this.ended) return;
    if (input.type === 'history.replaced')
      for (const { itemId } of input.items) this.writtenByProgram.add(itemId);
    if (input.type === 'link.restored' && !this.linked) this.reconnected();
    if (this.create !== undefined && nowMs - this.create.sentAtMs >= createPatienceMs)
      this.create = undefined;
    if (this.interrupts(input)) {
      for (const id of this.openResponses()) this.stale.add(id);
      if (this.create !== undefined) this.create.unwanted = true;
    }
    if (input.type === 'guardrail.tripped') this.stale.add(input.responseId);
    if (input.type === 'link.lost' && this.conversation.state === 'reconnecting') this.linked = false;
    if (input.type === 'model' && this.linked) this.beforeModel(input.event);
  }

  /** Another server, which counts its ids from one again. The conversation uses no id twice. */
  private reconnected(): void {
    assert.deepEqual(this.openResponses(), [], 'no response outlives its connection');
    this.linked = true;
    this.renewing = true;
    for (const id of this.itemIds.values()) this.formerItems.add(id);
    for (const ids of [this.seen, this.unwanted, this.truncated, this.seenCalls]) ids.clear();
    for (const ids of [this.responseIds, this.itemIds]) ids.clear();
    this.receivedSamples.clear();
  }

  private interrupts(input: Input): boolean {
    const reconnecting = this.conversation.state === 'reconnecting';
    if (input.type === 'model' && !this.linked) return false;
    if (input.type === 'model')
      return input.event.type === 'speech.started' || input.event.type === 'interrupted';
    if (input.type === 'device.lost') return true;
    if (!this.ready) return false;
    if (input.type === 'user.interrupt') return true;
    if (reconnecting) return false;
    return input.type === 'user.speech' || (input.type === 'user.text' && this.profile.typedText);
  }

  private openResponses(): string[] {
    return [...this.started].filter((id) => !this.done.has(id));
  }

  private beforeModel(event: ModelEvent): void {
    if (event.type === 'error') {
      const named = event.eventId !== undefined && event.eventId === this.create?.eventId;
      if (named || (event.eventId === undefined && event.cause === 'activeResponse')) this.create = undefined;
    }
    if (event.type === 'tool.called') this.seenCalls.add(event.callId);
    if (!('responseId' in event)) return;
    const answersCreate = event.type === 'response.created' && event.createEventId === this.create?.eventId;
    if (answersCreate && this.create?.unwanted) {
      const known = this.responseIds.get(event.responseId);
      if (known === undefined) this.unwanted.add(event.responseId);
      else this.stale.add(known);
    }
    const first = !this.seen.has(event.responseId);
    this.seen.add(event.responseId);
    if (answersCreate || first) this.create = undefined;
  }

  after(input: Input, nowMs: number, effects: readonly Effect[]): void {
    if (input.type === 'tool.ended') this.checkHandoff(input.outcome, effects);
    this.toldCall = undefined;
    for (const effect of effects) {
      assert(!this.ended, 'nothing follows the end');
      this.see(effect, input, nowMs);
    }
    assert.equal(this.conversation.state === 'ended', this.ended);
    if (effects.length > 0) this.checkHistory();
    for (const callId of this.inherited) this.settled.delete(callId);
    if (this.linked && !this.renewing && !this.ended)
      assert.deepEqual([...this.settled], [], 'a call that is over is answered');
  }

  /** A model that goes on knowing the call waits for its answer. */
  private leavesWaiting(reason: string): boolean {
    if (reason === 'the user interrupted') return true;
    const forgets = this.profile.deletesItems && this.ready && this.linked && !this.renewing;
    return reason === 'it was removed from the conversation' && !forgets;
  }

  /** The model must not read the answer as somebody whom it has not been told to be. */
  private checkHandoff(outcome: ToolOutcome, effects: readonly Effect[]): void {
    if (outcome.kind !== 'finished' || outcome.handoff === undefined) return;
    const sent = effects.flatMap((effect) => (effect.type === 'send' ? [effect.command] : []));
    const answer = sent.findIndex(
      (command) => command.type === 'item.create' && command.item.kind === 'tool.output',
    );
    if (answer < 0) return;
    const told = sent.findIndex(({ type }) => type === 'session.update');
    const known = told < 0 && this.toldVoice === outcome.handoff.settings.voice;
    assert(known || (told >= 0 && told < answer), 'the settings of the other agent come before the answer');
  }

  private see(effect: Effect, input: Input, nowMs: number): void {
    if (effect.type !== 'send') this.toldCall = undefined;
    switch (effect.type) {
      case 'send':
        this.sent(effect, nowMs);
        break;
      case 'play':
        this.played(effect, input);
        break;
      case 'playback.clear':
        assert.equal(effect.epoch, this.lastEpoch + 1);
        this.lastEpoch = effect.epoch;
        break;
      case 'tool.run':
        assert(!this.ran.has(effect.callId), 'a call runs once');
        this.ran.add(effect.callId);
        this.running.add(effect.callId);
        break;
      case 'tool.cancel':
        assert(this.running.delete(effect.callId), 'only a running call is cancelled');
        if (this.leavesWaiting(effect.reason)) this.settled.add(effect.callId);
        break;
      case 'emit':
        this.emitted(effect.event, input);
        break;
      case 'end':
        this.ended = true;
        assert.deepEqual([...this.running], [], 'no call is left owed');
        assert.deepEqual(this.openResponses(), [], 'no response is left open');
        break;
      case 'reconnect':
        assert(!this.linked, 'the lost link is told first');
        break;
      case 'user.turn':
        this.turn(effect.state);
        break;
      case 'play.end':
      case 'echo.half-duplex':
        break;
    }
  }

  /** The sound of a turn is needed from its beginning until it is settled, and only what has ended is settled. */
  private turn(state: 'open' | 'ended' | 'settled'): void {
    if (state === 'settled') assert(this.unsettled, 'only a turn that has ended is settled');
    this.unsettled = state === 'ended' || (state === 'open' && this.unsettled);
  }

  private sent({ command }: Extract<Effect, { type: 'send' }>, nowMs: number): void {
    assert(this.linked, 'nothing is sent to nobody');
    const told = this.toldCall;
    this.toldCall = undefined;
    if (command.type === 'session.update') this.toldVoice = command.settings.voice ?? this.toldVoice;
    if (this.renewing) {
      assert(command.type === 'session.update' || command.type === 'item.create' || tidies(command));
      return;
    }
    if (command.type === 'response.create') {
      assert.equal(this.create, undefined, 'one create in flight');
      assert.deepEqual(this.openResponses(), [], 'no create while a response is open');
      this.create = { eventId: command.eventId, sentAtMs: nowMs, unwanted: false };
    }
    if (command.type === 'item.create' && command.item.kind === 'tool.call') {
      const { callId } = command.item;
      const own = callId.startsWith('vt_call_') || this.seenCalls.has(callId);
      assert(own, 'a call that is told cannot be taken for one that the server will make');
      this.toldCall = callId;
      return;
    }
    if (command.type === 'item.create' && command.item.kind === 'tool.output') {
      const { endedCall: callId } = this;
      // Told with its result, as part of what was said before.
      if (told === command.item.callId) return;
      assert(callId !== undefined, 'what is answered has ended');
      this.endedCall = undefined;
      assert(!this.answered.has(callId), 'a call is answered once');
      this.answered.add(callId);
      // A call of an interrupted answer is answered without having run.
      if (this.ran.has(callId)) {
        const due = this.settled.delete(callId) || this.inherited.has(callId);
        assert(due, 'a call that the model has cancelled is not answered');
      }
    }
    if (command.type === 'item.truncate') {
      const { itemId, audioEndMs } = command;
      assert(!this.truncated.has(itemId), 'an item is truncated once');
      this.truncated.add(itemId);
      assert(Number.isInteger(audioEndMs) && audioEndMs > 0, 'milliseconds are whole');
      const received = this.receivedSamples.get(itemId) ?? 0;
      assert(audioEndMs * samplesPerMs <= received, 'not truncated beyond what was received');
    }
  }

  private played({ itemId, audio }: Extract<Effect, { type: 'play' }>, input: Input): void {
    const event = input.type === 'model' ? input.event : undefined;
    if (event?.type !== 'audio.delta') throw new Error(`${input.type} is no reason to play`);
    const responseId = this.responseIds.get(event.responseId);
    assert(responseId !== undefined, 'what sounds has started');
    assert(!this.stale.has(responseId), 'no sound of an interrupted answer');
    this.learnItem(event.itemId, itemId);
    assert.equal(audio.byteLength % 2, 0, 'whole samples');
    // By the server's id: it knows only one item, although the program may have given its id to another meanwhile.
    const before = this.receivedSamples.get(event.itemId) ?? 0;
    this.receivedSamples.set(event.itemId, before + audio.byteLength / 2);
  }

  private learnItem(wireId: string, itemId: string): void {
    const known = this.itemIds.get(wireId);
    if (known === undefined) {
      assert(!this.formerItems.has(itemId), 'an item of an earlier connection is another one');
      assert(itemId === wireId || itemId.startsWith(`${wireId}~`), `${wireId} is called ${itemId}`);
      this.itemIds.set(wireId, itemId);
    } else if (known !== itemId) {
      assert(
        this.writtenByProgram.has(known),
        'an item keeps its id, unless the program gives it to another',
      );
      this.itemIds.set(wireId, itemId);
    }
  }

  private emitted(event: Extract<Effect, { type: 'emit' }>['event'], input: Input): void {
    if (event.type === 'tool.started') {
      assert(!this.begun.has(event.callId), 'a call begins once');
      if (this.ran.has(event.callId)) assert.equal(input.type, 'tool.began', 'or when it has been allowed');
      this.begun.add(event.callId);
    }
    if (event.type === 'tool.finished' || event.type === 'tool.failed') {
      assert(this.running.delete(event.callId), 'only what runs ends');
      this.settled.add(event.callId);
    }
    if (event.type === 'tool.progress') {
      assert(this.begun.has(event.callId) && this.running.has(event.callId), 'only what runs gets on');
    }
    if (event.type === 'session.ready') this.ready = true;
    if (event.type === 'link.lost') {
      this.linked = false;
      this.create = undefined;
      this.unsettled = false;
    }
    if (event.type === 'link.restored') {
      this.renewing = false;
      // The new connection has never heard of them, or they are answered now.
      this.settled.clear();
      this.inherited.clear();
      for (const callId of this.running) this.inherited.add(callId);
    }
    if (event.type === 'tool.finished' || event.type === 'tool.failed' || event.type === 'tool.cancelled')
      this.endedCall = event.callId;
    if (event.type === 'response.started') {
      assert(!this.started.has(event.responseId), 'a response starts once');
      this.started.add(event.responseId);
      if (input.type === 'model' && 'responseId' in input.event) {
        this.responseIds.set(input.event.responseId, event.responseId);
        if (this.unwanted.has(input.event.responseId)) this.stale.add(event.responseId);
      }
    }
    if (event.type === 'response.done') {
      assert(this.openResponses().includes(event.responseId), 'what ends has started');
      this.done.add(event.responseId);
    }
    if (event.type === 'assistant.text.delta' || event.type === 'assistant.text.done') {
      const said = input.type === 'model' ? input.event : undefined;
      // Other answers may end in the same moment.
      const own =
        said !== undefined &&
        'spoken' in said &&
        `assistant.${said.type}` === event.type &&
        this.responseIds.get(said.responseId) === event.responseId;
      if (own && said.type === 'text.delta') this.learnItem(said.itemId, event.itemId);
      if (own && !said.spoken) this.writtenItems.add(event.itemId);
    }
    if (event.type === 'assistant.text.delta') {
      assert(!this.stale.has(event.responseId), 'no words of an interrupted answer');
    }
    if (event.type !== 'history.updated') return;
    const { change, index, item } = event;
    if (change === 'added') this.history.splice(index, 0, item);
    else if (change === 'removed') this.history.splice(index, 1);
    else this.history[index] = item;
  }

  private checkHistory(): void {
    const { history } = this.conversation;
    assert.equal(history.length, this.history.length);
    assert(
      history.every((item, index) => item === this.history[index]),
      'the events tell the same story',
    );
    assert.equal(new Set(history.map(({ itemId }) => itemId)).size, history.length, 'ids are unique');
    for (const item of history) {
      if (item.kind === 'tool') {
        const answered = item.state === 'done' || item.state === 'failed';
        assert.equal(item.output !== undefined, answered, `${item.state} call`);
        if (this.ended) assert.notEqual(item.state, 'running');
        continue;
      }
      assert.notEqual(item.state, 'unheard');
      if (this.ended) assert.notEqual(item.state, 'pending');
      if (item.role !== 'assistant' || item.text === '') continue;
      const heard = item.heardMs !== undefined || this.writtenItems.has(item.itemId);
      assert(heard || item.state === 'done', 'nothing unheard is remembered');
    }
  }
}
