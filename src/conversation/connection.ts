import type { AssistantTurns } from './assistant-turns.js';
import type { ModelEvent } from './events.js';
import type { Ending } from './exit.js';
import { Handover } from './handover.js';
import type { History } from './history.js';
import type { Input } from './inputs.js';
import { Opening } from './opening.js';
import type { Outbox } from './outbox.js';
import type { Profile } from './profile.js';
import { Renewal } from './renewal.js';
import type { SessionSettings } from './settings.js';
import type { Trouble } from './trouble.js';
import type { UsageMeter } from './usage-meter.js';
import type { UserTurns } from './user-turns.js';
import { WaitingRoom } from './waiting-room.js';

/** What the connection shares with the rest of the conversation. */
export interface ConnectionParts {
  readonly out: Outbox;
  readonly profile: Profile;
  readonly settings: SessionSettings;
  /** Somebody makes a new connection when this one ends. */
  readonly reconnects: boolean;
  readonly history: History;
  readonly user: UserTurns;
  readonly assistant: AssistantTurns;
  readonly meter: UsageMeter;
  readonly trouble: Trouble;
  /** Takes what had to wait for the provider. */
  readonly apply: (input: Input) => void;
}

type Phase = 'opening' | 'ready' | 'lost' | 'reopening' | 'ended';

/** WebSocket's code for an end in order. */
const closedInOrder = 1000;

/**
 * The connection to the provider as the conversation sees it: whether there is one to talk to, and how one takes over from
 * another without the conversation losing its thread.
 */
export class Connection {
  /** Only {@link end} ends it; everything else here is what the provider and the line do. */
  phase: Phase = 'opening';
  private readonly opening: Opening;
  private readonly handover = new Handover();
  private readonly renewal: Renewal;
  private readonly waiting = new WaitingRoom();

  constructor(private readonly parts: ConnectionParts) {
    const { out, profile, settings, history } = parts;
    this.opening = new Opening(out, profile, settings);
    this.renewal = new Renewal(out, history, profile, settings);
  }

  get ready(): boolean {
    return this.phase === 'ready';
  }

  /** Whether this input has to wait, or means nothing until the provider is there. */
  keeps(input: Input): boolean {
    return this.phase !== 'ready' && this.waiting.keeps(input, this.phase === 'opening');
  }

  /** The first one is up. */
  up(): void {
    this.opening.connected();
  }

  created(event: Extract<ModelEvent, { type: 'session.created' }>): void {
    this.opening.created(event);
  }

  /** The settings are in force. */
  updated(event: Extract<ModelEvent, { type: 'session.updated' }>): void {
    this.opening.learn(event);
    this.becomeReady();
  }

  /** The server's name for the conversation. */
  named(handle: string): void {
    if (this.phase === 'reopening') this.renewal.named(handle);
  }

  /** An error may be the answer to our settings. Returns whether it was: the session goes on without them. */
  refused(event: Extract<ModelEvent, { type: 'error' }>): boolean {
    if (this.phase === 'ready' || !this.opening.refused(event)) return false;
    this.parts.trouble.settingsRefused(event.message);
    this.becomeReady();
    return true;
  }

  tick(): void {
    if (this.opening.overdue) this.becomeReady();
  }

  private becomeReady(): void {
    if (this.phase === 'opening') this.parts.out.emit(this.opening.readyEvent);
    else if (this.phase === 'reopening') this.takeUp();
    else return;
    this.phase = 'ready';
    for (const input of this.waiting.empty()) this.parts.apply(input);
  }

  /** Returns how the conversation ends where it does not go on. */
  lost({ code, reason, ending, retrying }: Extract<Input, { type: 'link.lost' }>): Ending | undefined {
    const { out } = this.parts;
    // Until it is restored, further connections that fail are the same loss.
    const told = this.phase === 'lost' || this.phase === 'reopening';
    if (!told) out.emit({ type: 'link.lost', code, reason });
    out.connected = false;
    if (retrying !== true || this.phase === 'opening') return ending;
    this.letGo();
    return undefined;
  }

  /** It is known to end then. */
  expires(inMs: number): void {
    if (this.parts.reconnects) this.handover.expect(this.parts.out.nowMs, inMs);
  }

  /** The server says that it closes it so soon. */
  goingAway(timeLeftMs: number): void {
    if (this.parts.reconnects) this.handover.announce(this.parts.out.nowMs, timeLeftMs);
    else this.parts.trouble.goingAway(timeLeftMs);
  }

  /** Its time is over. Returns whether another one can take over. */
  expired(message: string): boolean {
    if (!this.parts.reconnects || this.phase !== 'ready') return false;
    this.change(message);
    return true;
  }

  /**
   * The provider is about to leave; we go first, when it disturbs least, and never in the middle of a call. `quiet`: nothing
   * would be disturbed now.
   */
  changeInTime(quiet: () => boolean): void {
    const { out, assistant } = this.parts;
    const wanted = this.handover.wanted(out.nowMs);
    if (wanted === 'no' || assistant.callsRunning) return;
    if (wanted === 'quiet' && !quiet()) return;
    this.change('a new connection takes over');
  }

  private change(reason: string): void {
    const { out } = this.parts;
    out.emit({ type: 'link.lost', code: closedInOrder, reason });
    out.push({ type: 'reconnect' });
    out.connected = false;
    this.letGo();
  }

  /** Settles what was open on a connection that is no more. */
  private letGo(): void {
    const { user, assistant, trouble } = this.parts;
    this.phase = 'lost';
    this.handover.done();
    const turn = user.connectionLost();
    this.renewal.lost(assistant.connectionLost(turn));
    if (turn === 'lost') trouble.speechLost();
  }

  restored(resume: string | undefined): void {
    if (this.phase !== 'lost') return;
    const { out, meter, assistant } = this.parts;
    this.phase = 'reopening';
    out.connected = true;
    meter.connectionChanged();
    this.opening.connected(this.renewal.begin(resume, assistant.said));
  }

  /** The new connection has our settings; it learns what it does not know of the conversation. */
  private takeUp(): void {
    const { out, assistant } = this.parts;
    const playing = this.renewal.tell(assistant.said);
    const { stateRestored, knowsCalls } = this.renewal;
    assistant.connectionChanged(knowsCalls, playing);
    out.emit({ type: 'link.restored', stateRestored });
  }
}
