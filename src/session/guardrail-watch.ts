import type { GuardrailVerdict, OutputGuardrail } from '../agents/guardrail.js';
import type { Team } from '../agents/team.js';
import type { Input } from '../contract/inputs.js';
import type { SessionEventBody } from '../contract/session-events.js';
import { isUserActivity } from './user-activity.js';

type Tripped = Extract<Input, { type: 'guardrail.tripped' }>;

export interface GuardrailWatchOptions {
  readonly guardrails?:
    | {
        /** For guardrails that do not set it; default 100. Zero or less: only at the end of an item. */
        readonly debounceCharacters?: number | undefined;
      }
    | undefined;
  /** The program's own context value. */
  readonly context?: unknown;
}

export interface GuardrailWatchHost {
  feed(input: Tripped): void;
  warn(code: string, message: string, hint?: string): void;
}

const defaultDebounce = 100;
/**
 * How many answers in a row may be stopped without user input between them: after that, another attempt will not help.
 */
const mostInARow = 3;
/** A verdict that takes longer is worth a warning; it still counts when it comes. */
const patienceMs = 30_000;
/** How many items are kept at most, in case their answers never end. */
const mostItems = 64;

/** One guardrail at work on one item. */
interface Check {
  readonly guardrail: OutputGuardrail;
  /** How many times the debounce had been reached at the last check. */
  steps: number;
  checkedCharacters: number;
  running: boolean;
  /** What to check next, after the running check. */
  waiting: 'words' | 'complete' | undefined;
}

interface WatchedItem {
  readonly itemId: string;
  readonly responseId: string;
  readonly agent: string;
  readonly checks: readonly Check[];
  /** By content part. */
  readonly parts: Map<number, string>;
  complete: boolean;
}

/**
 * Passes what the assistant says to the guardrails while the conversation continues: neither sound nor text waits for a
 * verdict. A verdict that comes late, after its answer has ended, still counts.
 */
export class GuardrailWatch {
  private readonly items = new Map<string, WatchedItem>();
  private readonly trippedResponses = new Map<string, true>();
  private readonly complained = new Set<string>();
  private readonly waits = new Set<NodeJS.Timeout>();
  private trippedInARow = 0;
  private readonly stop = new AbortController();

  constructor(
    private readonly team: Pick<Team, 'current' | 'guardrails'>,
    private readonly options: GuardrailWatchOptions,
    private readonly host: GuardrailWatchHost,
  ) {}

  heard(event: SessionEventBody): void {
    if (isUserActivity(event)) this.trippedInARow = 0;
    if (event.type === 'assistant.text.delta') {
      const item = this.itemOf(event);
      item?.parts.set(event.contentIndex, (item.parts.get(event.contentIndex) ?? '') + event.delta);
      if (item !== undefined) this.grown(item);
    } else if (event.type === 'assistant.text.done') {
      const item = this.itemOf(event);
      item?.parts.set(event.contentIndex, event.text);
      if (item !== undefined) this.completed(item);
    } else if (event.type === 'response.done') {
      for (const item of [...this.items.values()]) {
        if (item.responseId !== event.responseId) continue;
        // An interrupted item gets no end event.
        if (!item.complete) this.completed(item);
        this.items.delete(item.itemId);
      }
    }
  }

  /** Stops waiting for verdicts. */
  close(): void {
    this.stop.abort();
    this.items.clear();
    for (const wait of this.waits) clearTimeout(wait);
    this.waits.clear();
  }

  private itemOf({ itemId, responseId }: { itemId: string; responseId: string }): WatchedItem | undefined {
    if (this.stop.signal.aborted || this.trippedResponses.has(responseId)) return undefined;
    const known = this.items.get(itemId);
    if (known !== undefined) return known;
    const checks = this.team.guardrails.map(
      (guardrail): Check => ({
        guardrail,
        steps: 0,
        checkedCharacters: 0,
        running: false,
        waiting: undefined,
      }),
    );
    const agent = this.team.current.name;
    const item = { itemId, responseId, agent, checks, parts: new Map(), complete: false };
    this.items.set(itemId, item);
    forgetOldest(this.items);
    return item;
  }

  private grown(item: WatchedItem): void {
    item.complete = false;
    const { length } = textOf(item);
    for (const check of item.checks) {
      const every =
        check.guardrail.debounceCharacters ?? this.options.guardrails?.debounceCharacters ?? defaultDebounce;
      if (every <= 0) continue;
      const steps = Math.floor(length / every);
      if (steps <= check.steps) continue;
      check.steps = steps;
      this.want(item, check, 'words');
    }
  }

  private completed(item: WatchedItem): void {
    item.complete = true;
    for (const check of item.checks) this.want(item, check, 'complete');
  }

  /** Runs one check at a time; text that arrives meanwhile is checked together afterwards. */
  private want(item: WatchedItem, check: Check, what: 'words' | 'complete'): void {
    check.waiting = what;
    if (!check.running) this.next(item, check);
  }

  private next(item: WatchedItem, check: Check): void {
    const { waiting } = check;
    check.waiting = undefined;
    if (waiting === undefined || this.stop.signal.aborted || this.trippedResponses.has(item.responseId))
      return;
    check.running = true;
    const text = textOf(item);
    const settled = (verdict: GuardrailVerdict): void => {
      check.running = false;
      check.checkedCharacters = text.length;
      this.judge(item, check.guardrail, verdict);
      this.next(item, check);
    };
    const failed = (error: unknown): void => {
      check.running = false;
      this.complain(check.guardrail.name, error);
      this.next(item, check);
    };
    let verdict: GuardrailVerdict | Promise<GuardrailVerdict>;
    try {
      verdict = check.guardrail.check({
        text,
        checkedCharacters: check.checkedCharacters,
        complete: waiting === 'complete',
        agent: item.agent,
        responseId: item.responseId,
        itemId: item.itemId,
        context: this.options.context,
        signal: this.stop.signal,
      });
    } catch (error) {
      failed(error);
      return;
    }
    // A synchronous verdict takes effect before the next sample is played.
    if (!isPromise(verdict)) {
      settled(verdict);
      return;
    }
    const noLonger = this.wait(check.guardrail.name);
    void verdict.finally(noLonger).then(settled, failed);
  }

  /** Warns unless the function that it returns is called in time. */
  private wait(name: string): () => void {
    const timer = setTimeout(() => {
      this.waits.delete(timer);
      this.complain(name, new Error(`no verdict for ${patienceMs / 1000} s`));
    }, patienceMs);
    this.waits.add(timer);
    return () => {
      clearTimeout(timer);
      this.waits.delete(timer);
    };
  }

  private judge({ responseId }: WatchedItem, { name }: OutputGuardrail, verdict: GuardrailVerdict): void {
    // Programs without types may return null.
    const said = typeof verdict === 'object' && verdict !== null ? verdict : undefined;
    const tripped = said === undefined ? verdict === true : said.tripped === true;
    if (!tripped || this.stop.signal.aborted || this.trippedResponses.has(responseId)) return;
    this.trippedResponses.set(responseId, true);
    forgetOldest(this.trippedResponses);
    const message = said?.message ?? `The rule "${name}" does not allow what the assistant was saying.`;
    const feedback = said?.feedback ?? defaultFeedback(name, said?.message);
    this.trippedInARow += 1;
    const hopeless = this.trippedInARow > mostInARow;
    this.host.feed({
      type: 'guardrail.tripped',
      guardrail: name,
      responseId,
      message,
      feedback: hopeless ? undefined : feedback,
    });
    if (hopeless) {
      this.host.warn(
        'guardrail.hopeless',
        `The assistant was stopped ${this.trippedInARow} times in a row, so it is not asked for another answer.`,
        'It answers again when the user says something. Check the rule, or say in the instructions what to say instead.',
      );
    }
  }

  private complain(name: string, error: unknown): void {
    if (this.stop.signal.aborted || this.complained.has(name)) return;
    this.complained.add(name);
    const why = error instanceof Error && error.message !== '' ? error.message : 'it does not say why';
    this.host.warn(
      'guardrail.failed',
      `The guardrail "${name}" failed and lets words pass: ${why}`,
      'Its next checks are tried; this is said only once.',
    );
  }
}

function textOf({ parts }: WatchedItem): string {
  if (parts.size === 1) for (const text of parts.values()) return text;
  return [...parts]
    .sort(([a], [b]) => a - b)
    .map(([, text]) => text)
    .join('');
}

function defaultFeedback(name: string, message: string | undefined): string {
  const why = message === undefined ? '' : ` (${message})`;
  return (
    `Your answer was stopped, because a rule of this conversation forbids it: "${name}"${why}. ` +
    'Do not repeat what you said. Say something else that helps the user and keeps to the rule.'
  );
}

function isPromise(
  verdict: GuardrailVerdict | Promise<GuardrailVerdict>,
): verdict is Promise<GuardrailVerdict> {
  return typeof verdict === 'object' && verdict !== null && 'then' in verdict && isFunction(verdict.then);
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

function forgetOldest(map: Map<string, unknown>): void {
  const oldest = map.keys().next();
  if (map.size > mostItems && !oldest.done) map.delete(oldest.value);
}
