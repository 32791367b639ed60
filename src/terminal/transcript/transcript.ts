import type { HistoryChange, HistoryItem, MessageItem } from '../../contract/items.js';
import type { SessionEvent } from '../../contract/session-events.js';
import type { NoteLevel } from '../display.js';

/** What one side said or wrote. */
export interface SaidLine {
  readonly kind: 'said';
  readonly key: string;
  readonly speaker: 'user' | 'assistant';
  /** After an interruption only the words that were heard. */
  readonly text: string;
  /**
   * `live`: still growing, or its words have not arrived yet; `cut`: interrupted, `text` ends where the sound ended;
   * `unheard`: interrupted before the first sound; `untranscribed`: spoken, words unknown.
   */
  readonly state: Exclude<MessageItem['state'], 'pending'> | 'live';
}

/** One tool call. */
export interface ToolLine {
  readonly kind: 'tool';
  readonly key: string;
  readonly name: string;
  /** Parsed, or the text as the model wrote it. */
  readonly arguments: unknown;
  /** `asking`: waits for the user's permission. */
  readonly state: 'asking' | 'running' | 'done' | 'failed' | 'cancelled';
  /** So far, or in total. */
  readonly durationMs?: number | undefined;
  /** Its progress, in the tool's words. */
  readonly progress?: string | undefined;
  /** Why it failed or was cancelled. */
  readonly reason?: string | undefined;
}

/** Another agent has the conversation now. */
interface HandoffLine {
  readonly kind: 'handoff';
  readonly key: string;
  readonly to: string;
}

/** A message of the program itself. */
export interface NoteLine {
  readonly kind: 'note';
  readonly key: string;
  readonly level: NoteLevel;
  readonly text: string;
  readonly hint?: string | undefined;
}

export type Line = SaidLine | ToolLine | HandoffLine | NoteLine;

/**
 * Session events as lines in conversation order. A spoken turn has its place from the moment it began, however late its
 * words arrive. Pure: lines that can no longer change leave through {@link takeSettled}; the others are `live`.
 */
export class Transcript {
  /** By key: with thousands of open lines, a search for each event would take quadratic time. */
  private readonly lines = new Map<string, Line>();
  /** Keys of the lines from top to bottom. */
  private keys: string[] = [];
  /** How many lines are notes. */
  private openNotes = 0;
  /** Keys of the user's speech of which nothing is known yet, and that is not in the history. */
  private readonly silent = new Set<string>();
  /** Keys of the conversation's items in the order of the history, including lines that were taken. */
  private readonly order: string[] = [];
  private readonly ordered = new Set<string>();
  private readonly taken = new Set<string>();
  /** Turns that were taken before their words arrived. */
  private readonly wordless = new Set<string>();
  /** Words of answers still being said: item → part → text. */
  private readonly answers = new Map<string, Map<number, string>>();
  /**
   * Arguments of calls that have no line yet, as the model wrote them: a call that is rejected at once never starts.
   */
  private readonly asked = new Map<string, string>();
  private notes = 0;

  get live(): readonly Line[] {
    return this.keys.flatMap((key) => this.lines.get(key) ?? []);
  }

  apply(event: SessionEvent): void {
    switch (event.type) {
      case 'speech.started':
        this.dropSilence();
        if (event.itemId !== undefined) this.reserve(event.itemId);
        break;
      case 'user.transcript.delta':
        this.say(event.itemId, 'user', event.text, 'live');
        break;
      case 'user.transcript.done':
        this.say(event.itemId, 'user', event.text, event.text.trim() === '' ? 'untranscribed' : 'done');
        break;
      case 'assistant.text.delta': {
        const text = this.partText(event.itemId, event.contentIndex) + event.delta;
        this.grow(event.itemId, event.contentIndex, text);
        break;
      }
      case 'assistant.text.done':
        this.grow(event.itemId, event.contentIndex, event.text);
        break;
      case 'tool.started':
        this.tool(event.callId, { name: event.name, arguments: event.arguments, state: 'running' });
        break;
      case 'tool.progress': {
        const { name, elapsedMs: durationMs } = event;
        this.tool(event.callId, { name, state: 'running', durationMs, progress: progressText(event) });
        break;
      }
      case 'tool.finished':
        this.tool(event.callId, { name: event.name, state: 'done', durationMs: event.durationMs });
        break;
      case 'tool.failed': {
        const { name, durationMs, message: reason } = event;
        this.tool(event.callId, { name, state: 'failed', durationMs, reason });
        break;
      }
      case 'tool.cancelled':
        this.tool(event.callId, { name: event.name, state: 'cancelled', reason: event.reason });
        break;
      case 'tool.approval.required':
        this.tool(event.callId, { name: event.name, arguments: event.arguments, state: 'asking' });
        break;
      case 'agent.handoff':
        this.notes += 1;
        this.put({ kind: 'handoff', key: `handoff:${this.notes}`, to: event.to });
        break;
      case 'guardrail.tripped':
        this.note('warning', guardrailText(event));
        break;
      case 'mcp.server':
        this.server(event);
        break;
      case 'link.lost':
        // Not reported twice: either the session ends with it, or the attempts to reconnect give the reason.
        break;
      case 'link.restored':
        this.note(
          'info',
          event.stateRestored ? 'reconnected' : 'reconnected; the conversation so far was sent again',
        );
        break;
      case 'warning':
        this.note('warning', event.message, event.hint);
        break;
      case 'error':
        // A fatal error also ends the session, and is reported there.
        if (!event.fatal) this.note('error', event.message, event.hint);
        break;
      case 'history.updated':
        this.history(event.change, event.item, event.index);
        break;
      case 'session.ended':
        this.finish();
        break;
      case 'session.ready':
      case 'speech.stopped':
      case 'response.started':
      case 'response.done':
      case 'assistant.audio':
      case 'assistant.audio.done':
      case 'input.timeout':
      case 'playback.cleared':
      case 'usage':
        break;
    }
  }

  /** Adds a message of the program itself at the end of the transcript. */
  note(level: NoteLine['level'], text: string, hint?: string): void {
    this.notes += 1;
    this.put({ kind: 'note', key: `note:${this.notes}`, level, text, hint });
  }

  /** Removes and returns the lines from the top that will not change again. */
  takeSettled(): Line[] {
    const ready: Line[] = [];
    for (const key of this.keys) {
      const line = this.lines.get(key);
      if (line === undefined || !settled(line)) break;
      ready.push(line);
    }
    this.keys.splice(0, ready.length);
    for (const line of ready) {
      this.forget(line);
      this.taken.add(line.key);
      if (line.kind === 'said' && line.state === 'untranscribed') this.wordless.add(line.key);
    }
    return ready;
  }

  /** Removes and returns the notes: a display that shows them elsewhere need not wait for their place. */
  takeNotes(): Line[] {
    if (this.openNotes === 0) return [];
    const notes = this.live.filter(({ kind }) => kind === 'note');
    for (const note of notes) this.forget(note);
    this.keys = this.keys.filter((key) => this.lines.has(key));
    return notes;
  }

  /** Nothing more will come: settles every line as it is. */
  finish(): void {
    this.dropSilence();
    for (const line of this.live) {
      if (line.kind === 'said' && line.state === 'live') {
        this.put({ ...line, state: line.text === '' ? 'untranscribed' : 'done' });
      } else if (line.kind === 'tool' && !settled(line)) this.put({ ...line, state: 'cancelled' });
    }
  }

  private server({ server, state, tools, message }: Extract<SessionEvent, { type: 'mcp.server' }>): void {
    const offers = `${tools.length} ${tools.length === 1 ? 'tool' : 'tools'}`;
    const remark = message === undefined ? '' : `; ${message}`;
    switch (state) {
      case 'connected':
      case 'restored':
        this.note('info', `the MCP server ${server} is ${state}, with ${offers}${remark}`);
        break;
      case 'changed':
        this.note('info', `the MCP server ${server} has changed its tools: ${offers}${remark}`);
        break;
      // These messages are sentences that name the server.
      case 'lost':
        this.note('warning', message ?? `The MCP server ${server} is gone.`);
        break;
      case 'failed':
        this.note('warning', message ?? `The MCP server ${server} cannot be used.`);
        break;
    }
  }

  private history(change: HistoryChange, item: HistoryItem, index: number): void {
    const key = item.kind === 'tool' ? `tool:${item.callId}` : item.itemId;
    if (change === 'removed') {
      for (const gone of this.order.splice(index, 1)) this.ordered.delete(gone);
      const unheard = item.kind === 'message' && item.state === 'unheard';
      const known = this.find(key);
      if (unheard && known?.kind === 'said') this.put({ ...known, text: '', state: 'unheard' });
      else this.remove(key);
      return;
    }
    if (change === 'added') {
      this.order.splice(index, 0, key);
      this.ordered.add(key);
      this.silent.delete(key);
    }
    if (item.kind === 'tool') {
      if (change === 'added') this.asked.set(item.callId, item.arguments);
      return;
    }
    if (item.role === 'system') return;
    const { role, state } = item;
    if (state !== 'pending') this.say(key, role, item.text, state);
    else if (this.find(key) === undefined) this.say(key, role, item.text, 'live');
  }

  /** Speech that never became a turn (a cough, a cleared buffer) leaves no line. */
  private dropSilence(): void {
    for (const key of this.silent) this.remove(key);
  }

  private reserve(itemId: string): void {
    if (this.find(itemId) === undefined) this.say(itemId, 'user', '', 'live');
  }

  private partText(itemId: string, contentIndex: number): string {
    return this.answers.get(itemId)?.get(contentIndex) ?? '';
  }

  private grow(itemId: string, contentIndex: number, text: string): void {
    const parts = this.answers.get(itemId) ?? new Map<number, string>();
    parts.set(contentIndex, text);
    this.answers.set(itemId, parts);
    const whole = [...parts].sort(([a], [b]) => a - b).map(([, part]) => part);
    this.say(itemId, 'assistant', whole.join(''), 'live');
  }

  private say(key: string, speaker: SaidLine['speaker'], text: string, state: SaidLine['state']): void {
    if (this.taken.has(key)) {
      if (state === 'done' && text !== '' && this.wordless.delete(key))
        this.note('info', `you said earlier: ${text}`);
      return;
    }
    const known = this.find(key);
    // Only history may change settled lines; late deltas of an interrupted answer are ignored.
    if (known?.kind === 'said' && state === 'live' && known.state !== 'live') return;
    if (state !== 'live') this.answers.delete(key);
    this.put({ kind: 'said', key, speaker, text, state });
  }

  private tool(callId: string, change: Pick<ToolLine, 'name' | 'state'> & Partial<ToolLine>): void {
    const key = `tool:${callId}`;
    if (this.taken.has(key)) return;
    const known = this.find(key);
    const before = known?.kind === 'tool' ? known : { arguments: parsed(this.asked.get(callId)) };
    this.asked.delete(callId);
    this.put({ ...before, ...change, kind: 'tool', key });
  }

  private put(line: Line): void {
    const { key } = line;
    if (!this.lines.has(key)) {
      this.keys.splice(this.placeOf(key), 0, key);
      if (line.kind === 'note') this.openNotes += 1;
    }
    this.lines.set(key, line);
    if (isSilence(line) && !this.ordered.has(key)) this.silent.add(key);
    else this.silent.delete(key);
  }

  private remove(key: string): void {
    const line = this.lines.get(key);
    if (line === undefined) return;
    this.forget(line);
    this.keys.splice(this.keys.lastIndexOf(key), 1);
  }

  /** All but its place. */
  private forget({ key, kind }: Line): void {
    this.lines.delete(key);
    this.silent.delete(key);
    if (kind === 'note') this.openNotes -= 1;
  }

  /** Before the first line that comes later in the history; otherwise last. */
  private placeOf(key: string): number {
    if (!this.ordered.has(key)) return this.keys.length;
    // From the end: what is new is nearly always last.
    for (let place = this.order.lastIndexOf(key) + 1; place < this.order.length; place += 1) {
      const later = this.order[place] ?? '';
      if (this.lines.has(later)) return this.keys.lastIndexOf(later);
    }
    return this.keys.length;
  }

  private find(key: string): Line | undefined {
    return this.lines.get(key);
  }
}

/** A tool's progress report as text: `copying, 3 of 10`. */
export function progressText({
  message,
  progress,
  total,
}: Extract<SessionEvent, { type: 'tool.progress' }>): string | undefined {
  const count = progress === undefined || total === undefined ? undefined : `${progress} of ${total}`;
  const parts = [message, count].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(', ');
}

/** Names the guardrail, once. */
function guardrailText({ guardrail, message }: Extract<SessionEvent, { type: 'guardrail.tripped' }>): string {
  return message.includes(JSON.stringify(guardrail)) ? message : `stopped by ${guardrail}: ${message}`;
}

function parsed(text: string | undefined): unknown {
  if (text === undefined || text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isSilence(line: Line): boolean {
  return line.kind === 'said' && line.speaker === 'user' && line.state === 'live' && line.text === '';
}

function settled(line: Line): boolean {
  switch (line.kind) {
    case 'said':
      return line.state !== 'live';
    case 'tool':
      return line.state !== 'running' && line.state !== 'asking';
    case 'handoff':
    case 'note':
      return true;
  }
}
