import type { Command } from '../../../src/contract/commands.js';
import type { ModelEvent } from '../../../src/contract/events.js';
import type { Profile } from '../../../src/contract/profile.js';
import { type Clockwork, Line } from './clockwork.js';
import { samplesPerMs } from './profiles.js';
import type { Random } from './random.js';
import { planResponse } from './simulated-response.js';

/** What documentation leaves open and servers do differently. */
export interface ServerHabits {
  /** Says which `response.create` a response answers. */
  readonly echoes: boolean;
  /** Sends `response.created`; some never do. */
  readonly announces: boolean;
  /** One way. */
  readonly latencyMs: { readonly least: number; readonly most: number };
  /** Whether the model calls tools in its nth response. */
  readonly callsTools: (response: number) => boolean;
}

/** Under way in one connection. */
interface Sent<T> {
  readonly connection: number;
  readonly message: T;
}

interface Active {
  readonly id: string;
  readonly callIds: readonly string[];
  over: boolean;
}

/** A response as the server remembers it: which items it knew when it began. */
export interface ServedResponse {
  readonly id: string;
  readonly knew: ReadonlySet<string>;
  /** Stopped, or to have been stopped when it was over already. */
  unwanted: boolean;
}

/**
 * A realtime server after the documented rules of OpenAI's: one response at a time, a create beside it is refused,
 * speech cancels, an item is truncated within what was sent. Breaking a rule that a client must keep is recorded in
 * `faults`.
 */
export class SimulatedServer {
  readonly faults: string[] = [];
  readonly responses: ServedResponse[] = [];
  /** Answers that were given to calls, per call. */
  readonly outputs = new Map<string, number>();
  readonly calls = new Map<string, { readonly calledAtMs: number }>();
  /** Creates whose fate the client has not been told yet. */
  readonly undecided = new Set<string>();
  active: Active | undefined;
  private readonly items = new Set<string>();
  private readonly sentSamples = new Map<string, number>();
  private readonly truncated = new Set<string>();
  private readonly up: Line<Sent<Command>>;
  private readonly down: Line<Sent<ModelEvent>>;
  private turns = 0;
  private bufferedSpeech = false;
  private ids = 0;
  private owedAnswer = false;
  /** Which connection this is; what an earlier one still had to say is never heard. */
  private connection = 0;
  private connected = false;

  constructor(
    private readonly clock: Clockwork,
    private readonly random: Random,
    private readonly profile: Profile,
    private readonly habits: ServerHabits,
    deliver: (event: ModelEvent) => void,
  ) {
    const listen = <T>(deliver: (message: T) => void) => {
      return ({ connection, message }: Sent<T>) => {
        if (connection === this.connection && this.connected) deliver(message);
      };
    };
    const delayMs = () => random.between(habits.latencyMs.least, habits.latencyMs.most);
    this.up = new Line(
      clock,
      delayMs,
      listen((command: Command) => this.obey(command)),
    );
    const toClient = (event: ModelEvent): void => {
      if (event.type === 'response.created') this.undecided.delete(event.createEventId ?? '');
      if (event.type === 'error') this.undecided.delete(event.eventId ?? '');
      deliver(event);
    };
    this.down = new Line(clock, delayMs, listen(toClient));
  }

  /** Then a client can know which of its creates is still undecided. */
  get decidesVisibly(): boolean {
    return this.habits.echoes && this.habits.announces && this.profile.createAfterTool;
  }

  /** A connection begins, with a server that knows nothing of earlier ones. */
  connect(): void {
    this.connected = true;
    if (this.profile.speaksFirst === 'server') this.greet();
  }

  /** The connection is gone, and with it everything this server knew. */
  drop(): void {
    this.connected = false;
    this.connection += 1;
    if (this.active !== undefined) this.active.over = true;
    this.active = undefined;
    this.bufferedSpeech = false;
    this.owedAnswer = false;
    // The next one counts from one again, and remembers nothing.
    this.ids = 0;
    this.turns = 0;
    this.responses.length = 0;
    for (const known of [
      this.outputs,
      this.calls,
      this.undecided,
      this.items,
      this.sentSamples,
      this.truncated,
    ])
      known.clear();
  }

  private tell(event: ModelEvent): void {
    this.down.send({ connection: this.connection, message: event });
  }

  private greet(): void {
    this.tell({ type: 'session.created', sessionId: 'session' });
  }

  receive(command: Command): void {
    if (command.type === 'response.create' && command.eventId !== undefined)
      this.undecided.add(command.eventId);
    this.up.send({ connection: this.connection, message: command });
  }

  /** The user begins to speak. */
  hear(): void {
    if (!this.connected) return;
    this.bufferedSpeech = true;
    if (this.profile.turns === 'none') return;
    this.turns += 1;
    this.tell({ type: 'speech.started', itemId: `turn-${this.turns}` });
    if (this.profile.interruptsItself && this.active !== undefined) this.finish('cancelled', 'turn_detected');
  }

  /** Returns the item of the turn; undefined where it was a false alarm, or nobody detects turns. */
  hearSilence(falseAlarm: boolean): string | undefined {
    if (this.profile.turns === 'none' || !this.bufferedSpeech) return undefined;
    const itemId = `turn-${this.turns}`;
    this.tell({ type: 'speech.stopped', itemId });
    if (falseAlarm) return undefined;
    this.commit(itemId);
    this.answerTurn();
    return itemId;
  }

  private commit(itemId: string): void {
    this.bufferedSpeech = false;
    this.items.add(itemId);
    this.tell({ type: 'input.committed', itemId, previousItemId: null });
    this.acknowledge(itemId);
    if (this.random.chance(0.2)) return;
    const { connection } = this;
    this.clock.in(this.random.between(0, 3000), () => {
      if (connection !== this.connection) return;
      this.tell({ type: 'user.transcript.delta', itemId, delta: 'so ' });
      this.tell({ type: 'user.transcript.done', itemId, text: 'so be it' });
    });
  }

  private acknowledge(itemId: string): void {
    if (!this.profile.acknowledgesItems) return;
    const item = { itemId, kind: 'other' } as const;
    this.tell({ type: 'item.added', item });
    this.tell({ type: 'item.done', item });
  }

  private answerTurn(): void {
    if (this.active === undefined) this.open(undefined);
    else this.owedAnswer = true;
  }

  private obey(command: Command): void {
    switch (command.type) {
      case 'session.update':
        if (this.profile.speaksFirst === 'client') this.greet();
        this.tell({ type: 'session.updated' });
        break;
      case 'audio.commit':
        if (!this.bufferedSpeech) this.refuse('input_audio_buffer_commit_empty', command.eventId);
        else {
          this.turns += 1;
          this.commit(`turn-${this.turns}`);
        }
        break;
      case 'item.create':
        this.add(command.item);
        break;
      case 'item.truncate':
        this.truncate(command);
        break;
      case 'response.create':
        if (this.active === undefined) this.open(command.eventId);
        else this.refuse('conversation_already_has_active_response', command.eventId, 'activeResponse');
        break;
      case 'response.cancel':
        this.markUnwanted(command.responseId);
        if (this.active?.id === command.responseId) this.finish('cancelled', 'client_cancelled');
        else this.refuse('response_cancel_not_active', command.eventId, 'harmless');
        break;
      case 'item.delete':
        if (!this.profile.deletesItems) this.faults.push('deleted an item where that is not supported');
        this.tell({ type: 'item.deleted', itemId: command.itemId });
        break;
      case 'turn.begin':
      case 'audio.append':
      case 'audio.clear':
      case 'output.clear':
        break;
    }
  }

  private markUnwanted(responseId: string | undefined): void {
    for (const response of this.responses) if (response.id === responseId) response.unwanted = true;
  }

  private add(item: Extract<Command, { type: 'item.create' }>['item']): void {
    const { itemId } = item;
    // A call of an earlier connection that the client tells of.
    if (item.kind === 'tool.call') this.calls.set(item.callId, { calledAtMs: this.clock.nowMs });
    if (item.kind === 'tool.output') {
      if (!this.calls.has(item.callId)) this.faults.push(`answered the unknown call ${item.callId}`);
      this.outputs.set(item.callId, (this.outputs.get(item.callId) ?? 0) + 1);
    }
    if (itemId === undefined) return;
    if (this.items.has(itemId)) this.faults.push(`created ${itemId} twice`);
    this.items.add(itemId);
    this.acknowledge(itemId);
    if (this.profile.createAfterTool || item.kind !== 'tool.output') return;
    // Such a server goes on by itself as soon as it has all it asked for.
    if ([...this.calls.keys()].every((callId) => this.outputs.has(callId))) this.answerTurn();
  }

  private truncate({ itemId, contentIndex, audioEndMs }: Extract<Command, { type: 'item.truncate' }>): void {
    const sentMs = (this.sentSamples.get(itemId) ?? 0) / samplesPerMs;
    if (this.profile.truncation !== 'explicit') this.faults.push('truncated where that is not supported');
    if (this.truncated.has(itemId)) this.faults.push(`truncated ${itemId} twice`);
    if (!Number.isInteger(audioEndMs) || audioEndMs <= 0 || audioEndMs > sentMs)
      this.faults.push(`truncated ${itemId} at ${audioEndMs} ms of ${sentMs} ms`);
    this.truncated.add(itemId);
    this.tell({ type: 'item.truncated', itemId, contentIndex, audioEndMs });
  }

  private refuse(code: string, eventId: string | undefined, cause?: 'activeResponse' | 'harmless'): void {
    this.tell({
      type: 'error',
      code,
      message: code,
      fatal: false,
      source: 'provider',
      cause: cause ?? 'harmless',
      eventId,
    });
  }

  private open(createEventId: string | undefined): void {
    this.ids += 1;
    const id = `response-${this.ids}`;
    const callTools = this.habits.callsTools(this.ids);
    const firstEventMs = this.random.between(0, 400);
    const { steps, callIds } = planResponse(this.random, id, { callTools, firstEventMs });
    const active = { id, callIds, over: false };
    this.active = active;
    this.owedAnswer = false;
    this.responses.push({ id, knew: new Set(this.items), unwanted: false });
    const echo = this.habits.echoes ? createEventId : undefined;
    if (this.habits.announces) {
      this.tell({ type: 'response.created', responseId: id, createEventId: echo });
    }
    let atMs = this.clock.nowMs;
    for (const { afterMs, event } of steps) {
      atMs += afterMs;
      this.clock.at(atMs, () => {
        if (!active.over) this.say(event);
      });
    }
    this.clock.at(atMs + this.random.between(0, 100), () => {
      if (!active.over) this.finish('completed');
    });
  }

  private say(event: ModelEvent): void {
    if (event.type === 'audio.delta') {
      const samples = event.audio.byteLength / 2;
      this.sentSamples.set(event.itemId, (this.sentSamples.get(event.itemId) ?? 0) + samples);
    }
    if (event.type === 'tool.called') this.calls.set(event.callId, { calledAtMs: this.clock.nowMs });
    this.tell(event);
  }

  private finish(status: 'completed' | 'cancelled', reason?: string): void {
    const { active } = this;
    if (active === undefined) return;
    active.over = true;
    this.active = undefined;
    if (status === 'cancelled') this.markUnwanted(active.id);
    const byClient = reason === 'client_cancelled';
    if (!byClient || this.profile.cancelAnswersDone) {
      this.tell({ type: 'response.done', responseId: active.id, status, reason });
    }
    if (this.owedAnswer) this.open(undefined);
  }
}
