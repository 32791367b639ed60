import type { ConversationRules } from '../../contract/conversation-options.js';
import { type Ending, ExitCode } from '../../contract/exit.js';
import { defaultCallsPerResponse, defaultToolRounds, type Limits } from '../../contract/limits.js';
import type { Outbox } from '../core/outbox.js';
import type { History } from '../memory/history.js';
import { ToolRounds } from './tool-rounds.js';
import type { UsageMeter } from './usage-meter.js';

/** An announcement so long before the end of the time, where the time is long enough for one. */
const warningMs = 60_000;
const shortestWarnedMs = 180_000;
/** An answer that has not come by then will not come. */
const answerPatienceMs = 20_000;
/** The words of what the user said last may come after the answer; nor then will they come. */
const wordsPatienceMs = 3000;

/** What the end has to wait for. */
export interface Doings {
  /** Sound is waiting or sounding. */
  readonly sounding: boolean;
  /** A response is being given that is wanted. */
  readonly answering: boolean;
  /** Something is asked for, or a tool runs, or the user waits for an answer. */
  readonly pending: boolean;
  readonly userSpeaks: boolean;
}

export interface LimitWatchParts {
  readonly out: Outbox;
  readonly history: History;
  readonly meter: UsageMeter;
  readonly rules: ConversationRules;
}

/** When a session has to end by itself: after so much money, so many turns, or so much time. */
export class LimitWatch {
  private warned = false;
  private quietSinceMs: number | undefined;

  private readonly limits: Limits;
  private readonly rounds: ToolRounds;
  private readonly mostRounds: number;

  constructor(private readonly parts: LimitWatchParts) {
    this.limits = parts.rules.limits ?? {};
    this.mostRounds = this.limits.maxToolRounds ?? defaultToolRounds;
    this.rounds = new ToolRounds(parts.out, this.mostRounds);
  }

  /** Calls that one answer may make. */
  get mostCalls(): number {
    return this.limits.maxCallsPerResponse ?? defaultCallsPerResponse;
  }

  /** The model makes a call. Returns whether it may. */
  allowsCall(responseId: string, followsResult: boolean): boolean {
    this.rounds.called(responseId, { turns: this.parts.history.userTurns, followsResult });
    return !this.rounds.exceeded;
  }

  /** No further answer may begin. */
  get closed(): boolean {
    return this.spent || this.parts.history.userTurns > this.maxTurns;
  }

  private get spent(): boolean {
    const { maxCost } = this.limits;
    return maxCost !== undefined && this.parts.meter.cost >= maxCost;
  }

  private get maxTurns(): number {
    return this.limits.maxTurns ?? Number.POSITIVE_INFINITY;
  }

  /** Why the session ends now; undefined while it goes on. */
  ending(doings: Doings): Ending | undefined {
    if (this.rounds.exceeded) return this.roundsUsedUp();
    const { maxDurationMs } = this.limits;
    if (maxDurationMs !== undefined) {
      if (this.parts.out.nowMs >= maxDurationMs) return this.overtime(maxDurationMs);
      this.announce(maxDurationMs);
    }
    if (doings.sounding || doings.answering) {
      this.quietSinceMs = undefined;
      return undefined;
    }
    if (this.spent) return this.overspent();
    return this.lastTurnIsOver(doings) ? this.turnsUsedUp() : undefined;
  }

  /** The last answer was heard to its end, or the user has cut it short; one that never comes is not waited for. */
  private lastTurnIsOver({ pending, userSpeaks }: Doings): boolean {
    const { history, out } = this.parts;
    if (history.userTurns < this.maxTurns) return false;
    if (history.userTurns > this.maxTurns) return true;
    const last = history.items.at(-1);
    const answered = last?.kind === 'message' && last.role === 'assistant';
    if (answered && last.state !== 'pending' && userSpeaks) return true;
    if (answered && last.state !== 'pending' && !pending) return this.wordsAreIn();
    if (pending || userSpeaks) {
      this.quietSinceMs = undefined;
      return false;
    }
    this.quietSinceMs ??= out.nowMs;
    return out.nowMs - this.quietSinceMs >= answerPatienceMs;
  }

  /** What is kept of the session should say what its last turn was. */
  private wordsAreIn(): boolean {
    const { history, out } = this.parts;
    const turn = history.items.findLast((item) => item.kind === 'message' && item.role === 'user');
    if (turn?.state !== 'pending') return true;
    this.quietSinceMs ??= out.nowMs;
    return out.nowMs - this.quietSinceMs >= wordsPatienceMs;
  }

  private announce(maxDurationMs: number): void {
    const { out } = this.parts;
    const leftMs = maxDurationMs - out.nowMs;
    if (this.warned || maxDurationMs <= shortestWarnedMs || leftMs > warningMs) return;
    this.warned = true;
    const message = `The session ends in ${Math.ceil(leftMs / 1000)} s, when its time limit is reached.`;
    out.emit({ type: 'warning', code: 'limit.duration.near', message });
  }

  private overtime(maxDurationMs: number): Ending {
    const message = `Limit of ${maxDurationMs / 1000} s reached.`;
    return { exitCode: ExitCode.limit, reason: 'limit.duration', message };
  }

  private overspent(): Ending {
    const { meter, rules } = this.parts;
    const currency = rules.prices?.currency ?? '';
    const message = `Limit of ${this.limits.maxCost} ${currency} reached: the session has cost about ${meter.cost} ${currency}.`;
    return { exitCode: ExitCode.limit, reason: 'limit.cost', message };
  }

  private roundsUsedUp(): Ending {
    const rounds = this.mostRounds === 1 ? '1 tool round' : `${this.mostRounds} tool rounds`;
    const message = `Limit of ${rounds} reached.`;
    return { exitCode: ExitCode.limit, reason: 'limit.toolRounds', message };
  }

  private turnsUsedUp(): Ending {
    const turns = this.maxTurns === 1 ? '1 turn' : `${this.maxTurns} turns`;
    const message = `Limit of ${turns} reached.`;
    return { exitCode: ExitCode.limit, reason: 'limit.turns', message };
  }
}
