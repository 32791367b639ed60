import type { ModelEvent } from '../contract/events.js';
import type { Ending } from '../contract/exit.js';
import type { Handoff, Input } from '../contract/inputs.js';
import type { HistoryItem } from '../contract/items.js';
import type { Profile } from '../contract/profile.js';
import type { SessionSettings } from '../contract/settings.js';
import type { AssistantTurns } from './assistant/assistant-turns.js';
import { ConnectionChange } from './connection-change.js';
import type { Outbox } from './core/outbox.js';
import type { Persona } from './core/persona.js';
import type { Trouble } from './core/trouble.js';
import type { History } from './memory/history.js';
import { Renewal } from './memory/renewal.js';
import { Opening } from './opening.js';
import type { UsageMeter } from './spending/usage-meter.js';
import type { UserTurns } from './user/user-turns.js';
import { WaitingRoom } from './waiting-room.js';

/** What the connection shares with the rest of the conversation. */
export interface ConnectionParts {
  readonly out: Outbox;
  readonly profile: Profile;
  readonly persona: Persona;
  /** A new connection is made when this one ends. */
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
 * The connection to the provider as the conversation sees it: whether there is one to talk to, and how one takes over
 * from another without the conversation losing its thread.
 */
export class Connection {
  /** Only {@link end} ends it; everything else here is what the provider and the line do. */
  phase: Phase = 'opening';
  private readonly opening: Opening;
  private readonly connectionChange = new ConnectionChange();
  private readonly renewal: Renewal;
  private readonly waiting = new WaitingRoom();
  /** Nothing but the settings has been sent on this connection. */
  private fresh = true;
  /** The settings are other ones than this connection has. */
  private outdated = false;

  constructor(private readonly parts: ConnectionParts) {
    const { out, profile, persona, history } = parts;
    this.opening = new Opening(out, profile, persona);
    this.renewal = new Renewal(out, history, profile);
    persona.recap = this.renewal.begin(undefined, history.known);
  }

  /** Read through a getter, because what is applied changes the phase behind the compiler's back. */
  private get over(): boolean {
    return this.phase === 'ended';
  }

  get ready(): boolean {
    return this.phase === 'ready';
  }

  /** Whether this input has to wait, or means nothing until the provider is there. */
  keeps(input: Input): boolean {
    const { phase } = this;
    if (phase === 'ready' || phase === 'ended') return false;
    return this.waiting.keeps(input, phase === 'opening' && this.opening.early ? 'early' : phase);
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
    this.opening.updated(event);
    this.becomeReady();
  }

  /** The server's name for the conversation. */
  named(handle: string): void {
    if (this.phase !== 'reopening') return;
    const taken = this.renewal.stateRestored;
    this.renewal.named(handle);
    if (taken && !this.renewal.stateRestored) this.parts.out.ids.connectionBegins(false);
  }

  /** An error may be the answer to our settings. Returns whether it was: the session goes on without them. */
  refused(event: Extract<ModelEvent, { type: 'error' }>): boolean {
    const late = this.parts.persona.takeUpdate(event.eventId);
    const early = this.phase !== 'ready' && this.opening.refused(event);
    if (!late && !early) return false;
    if (this.parts.persona.giveUp(event)) {
      if (early) this.opening.again();
      else this.parts.persona.tell();
      return true;
    }
    this.parts.trouble.settingsRefused(event.message);
    if (early) this.becomeReady();
    return true;
  }

  tick(): void {
    if (this.opening.overdue) this.becomeReady();
  }

  private becomeReady(): void {
    if (this.phase === 'opening') this.begin();
    else if (this.phase === 'reopening') this.takeUp();
    else return;
    this.phase = 'ready';
    this.fresh = true;
    for (const input of this.waiting.empty()) {
      if (!this.over) this.parts.apply(input);
    }
    this.fresh = false;
  }

  /** The first connection learns what was said in an earlier session. */
  private begin(): void {
    this.parts.out.emit(this.opening.readyEvent);
    this.renewal.tell(this.parts.assistant.said, false);
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
    // What has waited for the provider to confirm its settings may be part of the next ones.
    for (const input of this.waiting.empty()) this.parts.apply(input);
    return undefined;
  }

  /** It is known to end then. */
  expires(inMs: number): void {
    if (this.parts.reconnects) this.connectionChange.expect(this.parts.out.nowMs, inMs);
  }

  /** The server says that it closes it so soon. */
  goingAway(timeLeftMs: number): void {
    if (this.parts.reconnects) this.connectionChange.announce(this.parts.out.nowMs, timeLeftMs);
    else this.parts.trouble.goingAway(timeLeftMs);
  }

  /** Its time is over. Returns whether another one can take over. */
  expired(message: string): boolean {
    if (!this.parts.reconnects || this.phase !== 'ready') return false;
    this.change(message);
    return true;
  }

  /**
   * The provider is about to leave; we go first, when it disturbs least, and never in the middle of a call. `quiet`:
   * nothing would be disturbed now.
   */
  changeInTime(quiet: () => boolean): void {
    const { out, user, assistant } = this.parts;
    const wanted = this.connectionChange.wanted(out.nowMs, user.heardByProvider || user.untold);
    if (wanted === 'no' || assistant.tools.calls.anyRunning) return;
    if (wanted === 'quiet' && !quiet()) return;
    this.change('a new connection takes over');
  }

  /** The model is to be told something else from now on. */
  changeSettings({ settings, agent }: Extract<Input, { type: 'settings.changed' }>): void {
    const { persona, out, trouble, reconnects } = this.parts;
    const change = persona.take(settings, agent?.to);
    if (agent !== undefined) out.emit({ type: 'agent.handoff', from: agent.from, to: agent.to });
    if (change === 'nothing' || this.phase !== 'ready') return;
    if (this.mayChangeSettings) {
      persona.tell();
    } else if (reconnects) {
      this.outdated = true;
      this.connectionChange.outdated(out.nowMs, change === 'tools' && agent === undefined);
    } else {
      trouble.settingsKept();
    }
  }

  /**
   * A call has handed the conversation over. `settle` answers the call, after the settings have been sent: a model must
   * not read the answer in another agent's name. It returns the response that made the call.
   */
  handOver({ from, to, settings }: Handoff, settle: (renewed: boolean) => string | undefined): void {
    const { persona, out, trouble, reconnects } = this.parts;
    const change = persona.take(settings, to);
    if (this.phase === 'lost') {
      // The next connection begins with them, and is told of the call as of everything else that was said.
      settle(true);
      out.emit({ type: 'agent.handoff', from, to });
      return;
    }
    const late = !this.mayChangeSettings && (change !== 'nothing' || this.outdated);
    const renewed = late && reconnects;
    if (this.mayChangeSettings) persona.tell();
    // The new connection is told of it as of everything else that was said.
    if (renewed) out.connected = false;
    const responseId = settle(renewed);
    out.emit({ type: 'agent.handoff', from, to });
    // The turn has been understood: it led to the handoff, and the next agent is told of that in words.
    if (renewed) this.parts.user.sound.settle();
    if (renewed) this.change(`${to} takes over on a new connection`, { renewed, completed: responseId });
    else if (late) trouble.settingsKept();
  }

  /** Words for the model that it can be told in its instructions only. Returns whether it could. */
  remind(words: string): boolean {
    if (!this.mayChangeSettings) return false;
    this.parts.persona.remind(words);
    return true;
  }

  /** These settings need a new connection, and there can be one. */
  renewsFor(settings: SessionSettings): boolean {
    const { reconnects, persona } = this.parts;
    return reconnects && !this.mayChangeSettings && (this.outdated || persona.differs(settings));
  }

  private get mayChangeSettings(): boolean {
    const { settingsChange } = this.parts.profile;
    return settingsChange === 'anytime' || (settingsChange === 'beforeAudio' && this.fresh);
  }

  private change(reason: string, how: { renewed?: boolean; completed?: string | undefined } = {}): void {
    const { out } = this.parts;
    out.emit({ type: 'link.lost', code: closedInOrder, reason });
    out.push({ type: 'reconnect', renewed: how.renewed ?? this.outdated });
    out.connected = false;
    this.letGo(how.completed);
  }

  /** Settles what was open on a lost connection. `completed`: a response that was over, although it was not closed. */
  private letGo(completed?: string): void {
    const { user, assistant } = this.parts;
    this.phase = 'lost';
    this.outdated = false;
    this.connectionChange.done();
    const turn = user.connectionLost();
    this.renewal.lost(assistant.connectionLost(turn, completed));
  }

  restored(resume: string | undefined): void {
    if (this.phase !== 'lost') return;
    const { out, profile, meter, assistant, persona } = this.parts;
    this.phase = 'reopening';
    out.connected = true;
    meter.connectionChanged();
    out.ids.connectionBegins(resume !== undefined && profile.resume === 'conversation');
    assistant.connectionBegins();
    persona.recap = this.renewal.begin(resume, this.said);
    this.opening.connected();
  }

  /** What a new connection is told, without what it is going to hear again. */
  private get said(): readonly HistoryItem[] {
    const { assistant, user } = this.parts;
    return assistant.said.filter(({ itemId }) => !user.sound.replaced.has(itemId));
  }

  /** An answer is owed to what was said before, and nothing but the model keeps it from being given. */
  private get questionIsOpen(): boolean {
    const { assistant, user } = this.parts;
    return assistant.owesAnswer && !assistant.tools.calls.anyRunning && !user.sound.awaited;
  }

  /** A call has ended that this connection does not know: its result is told in words. */
  retell(): void {
    this.renewal.tellQuestion(this.said);
  }

  /** The new connection has our settings; it learns what it does not know of the conversation. */
  private takeUp(): void {
    const { out, assistant, user } = this.parts;
    user.sound.connectionChanged();
    const playing = this.renewal.tell(this.said, this.questionIsOpen);
    const { stateRestored, knowsCalls, takesWords } = this.renewal;
    assistant.connectionChanged({ knowsCalls, stateRestored, takesWords }, playing);
    out.emit({ type: 'link.restored', stateRestored });
  }
}
