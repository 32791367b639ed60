import type { ModelEvent } from '../../contract/events.js';
import type { ToolOutcome } from '../../contract/inputs.js';
import type { Profile } from '../../contract/profile.js';
import type { Responses } from '../asking/responses.js';
import type { Outbox } from '../core/outbox.js';
import type { Persona } from '../core/persona.js';
import type { History } from '../memory/history.js';
import { AnswerOrigins } from './answer-origins.js';
import { ServerCalls } from './server-calls.js';
import { interruptedReason, type RestoredState, ToolCalls } from './tool-calls.js';

/** Why a call does not run. */
const over = 'the answer had been given up';
const stopped = 'a guardrail stopped the answer';

export interface ToolTurnsParts {
  readonly out: Outbox;
  readonly profile: Profile;
  readonly persona: Persona;
  readonly history: History;
  readonly responses: Responses;
  /** A guardrail has stopped this answer. */
  readonly tripped: (responseId: string) => boolean;
  /** Calls that one answer may make. */
  readonly mostCalls: number;
}

/**
 * Tools as part of the turns: which calls run, ours and the provider's own, and when the model is to speak about a
 * result.
 */
export class ToolTurns {
  readonly calls: ToolCalls;
  private readonly serverCalls = new ServerCalls();
  private readonly origins: AnswerOrigins;

  constructor(private readonly parts: ToolTurnsParts) {
    this.calls = new ToolCalls(parts.out, parts.history, parts.mostCalls);
    this.origins = new AnswerOrigins(parts.persona);
  }

  get anyRunning(): boolean {
    return this.calls.anyRunning || this.serverCalls.anyRunning;
  }

  /** An answer begins: its calls are for the tools that there are now. */
  answerBegins(responseId: string): void {
    this.origins.begins(responseId);
  }

  /** `wanted`: the answer that makes the call was not interrupted. */
  called(event: Extract<ModelEvent, { type: 'tool.called' }>, wanted: boolean): void {
    if (wanted) this.calls.called(event, this.origins.of(event));
    else this.calls.decline(event, this.whyStopped(event.responseId));
  }

  /** Some servers complete a call only after the response that makes it. */
  calledLate(event: Extract<ModelEvent, { type: 'tool.called' }>): void {
    const ending = this.parts.responses.howItEnded(event.responseId);
    if (ending === 'other') this.calls.decline(event, over);
    else this.called(event, ending === 'completed');
  }

  private whyStopped(responseId: string): string {
    return this.parts.tripped(responseId) ? stopped : interruptedReason;
  }

  /** `renewed`: the result is part of what the next connection is told. Returns the response that made the call. */
  ended(callId: string, outcome: ToolOutcome, renewed: boolean): string | undefined {
    const answered = this.calls.ended(callId, outcome);
    if (answered === undefined) return undefined;
    const { itemId, responseId, quiet, beside } = answered;
    const { profile, responses } = this.parts;
    if (quiet) return responseId;
    // The next connection is told of the result with everything else, and never says that it has this item.
    if (renewed) responses.owe({ group: responseId });
    else if (profile.createAfterTool) responses.owe({ itemId, group: responseId });
    else if (!responses.gaveUp(responseId)) {
      const aside = profile.toolsRunBeside === 'always' || (profile.toolsRunBeside === 'onRequest' && beside);
      responses.continuations.expect(responseId, { aside, open: responses.get(responseId) !== undefined });
    }
    return responseId;
  }

  serverToolStarted(itemId: string): void {
    this.serverCalls.started(itemId, this.parts.out.nowMs);
  }

  /** The provider has the result; the model says nothing about it by itself. */
  serverToolDone(itemId: string): void {
    const { profile, responses } = this.parts;
    if (!this.serverCalls.takeEnded(itemId) || !profile.createAfterTool) return;
    responses.owe({ itemId });
    responses.acknowledge(itemId);
  }

  /** The user does not want to hear about what runs. */
  forgoAnswers(): void {
    this.calls.forgoAnswers();
    this.serverCalls.forgoAnswers();
  }

  tick(): void {
    this.calls.tick();
    this.serverCalls.tick(this.parts.out.nowMs);
  }

  connectionLost(): void {
    this.calls.connectionLost();
    this.serverCalls.clear();
  }

  connectionBegins(): void {
    this.calls.connectionBegins();
  }

  connectionChanged(state: RestoredState): void {
    this.calls.connectionChanged(state);
  }

  end(): void {
    this.calls.cancelAll('the session ended');
    this.serverCalls.clear();
  }
}
