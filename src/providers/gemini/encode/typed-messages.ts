import type { JsonObject } from '../../../base/json.js';
import type { NewItem } from '../../../contract/items.js';
import type { ConnectionState } from '../connection-state.js';
import { contentOf, type Turn, turnOf } from './history-turns.js';

/**
 * Messages that are sent as text. An item may be part of the earlier conversation, replayed on a new connection, or a
 * message that needs an answer now; only a `response.create` that follows tells. So items wait for the next command.
 */
export class TypedMessages {
  private held: Turn[] = [];
  private unanswered = false;
  /** Tool calls of earlier connections by call id, and whether this connection was told. */
  private readonly earlierCalls = new Map<string, { readonly name: string; told: boolean }>();

  constructor(private readonly state: ConnectionState) {}

  add(item: Exclude<NewItem, { kind: 'image' }>, active: boolean): JsonObject[] {
    if (item.kind === 'tool.call') this.earlierCalls.set(item.callId, { name: item.name, told: false });
    const call = item.kind === 'tool.output' ? this.earlierCalls.get(item.callId) : undefined;
    const turn = turnOf(item, call?.name);
    if (turn !== undefined) this.held.push(turn);
    // The tool was still running when the connection was lost, and nothing else asks for an answer to its result.
    return turn !== undefined && call?.told === true ? this.answer(active) : [];
  }

  /** Called before something else is sent: sends waiting messages first, as context. */
  flush(active: boolean): JsonObject[] {
    const turns = this.take();
    if (turns.length === 0) return [];
    if (!this.state.facts.seedsTurns) return this.spoken(turns, active);
    this.unanswered = turns.at(-1)?.role === 'user';
    return [clientContent(turns, false)];
  }

  /** A spoken turn follows: the next answer is for that turn. */
  settle(): void {
    this.unanswered = false;
  }

  /** Asks for an answer to text. Everything else the server answers without being asked. */
  answer(active: boolean): JsonObject[] {
    const { state } = this;
    const turns = this.take();
    const asked = turns.at(-1)?.role === 'user' || (turns.length === 0 && this.unanswered);
    if (!asked) return turns.length === 0 || !state.facts.seedsTurns ? [] : [clientContent(turns, false)];
    this.unanswered = false;
    this.ask();
    if (state.facts.typedText === 'turn' || turns.length === 0) return [clientContent(turns, true)];
    const before = turns.slice(0, -1);
    const seed = before.length > 0 && state.facts.seedsTurns ? [clientContent(before, false)] : [];
    return [...seed, ...this.spoken(seed.length > 0 ? turns.slice(-1) : turns, active)];
  }

  /** Text as realtime input. If we end turns ourselves, it becomes a turn. */
  private spoken(turns: readonly Turn[], active: boolean): JsonObject[] {
    const said = turns.filter(({ role }) => role === 'user').map(({ text }) => ({ realtimeInput: { text } }));
    if (said.length > 0) this.ask();
    if (!this.state.manual || active || said.length === 0) return said;
    return [{ realtimeInput: { activityStart: {} } }, ...said, { realtimeInput: { activityEnd: {} } }];
  }

  private ask(): void {
    this.state.textAsked = true;
    this.state.lastPart = undefined;
    this.state.answerDue = true;
  }

  private take(): Turn[] {
    const turns = this.held;
    this.held = [];
    for (const call of this.earlierCalls.values()) call.told = true;
    return turns;
  }
}

function clientContent(turns: readonly Turn[], turnComplete: boolean): JsonObject {
  return { clientContent: { ...(turns.length > 0 && { turns: turns.map(contentOf) }), turnComplete } };
}
