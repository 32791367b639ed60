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
  /** How much of a response was heard, in milliseconds. */
  readonly heardMs: (responseId: string) => number;
  /** Tells the model again what it was asked, with the results of tools. */
  readonly retell: () => void;
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
    const { itemId, responseId, quiet, beside, untold, earlier } = answered;
    const { profile, responses } = this.parts;
    this.noteResult(responseId);
    if (quiet) return responseId;
    // The next connection is told of the result with everything else, and never says that it has this item.
    if (renewed || untold) responses.owe({ group: responseId });
    else if (earlier || profile.createAfterTool) responses.owe({ itemId, group: responseId });
    else if (!responses.gaveUp(responseId)) {
      const aside = profile.toolsRunBeside === 'always' || (profile.toolsRunBeside === 'onRequest' && beside);
      responses.continuations.expect(responseId, { aside, open: responses.get(responseId) !== undefined });
    }
    if (untold && this.calls.groupComplete(responseId)) this.parts.retell();
    return responseId;
  }

  /** Where the response goes on after its calls, what it says from now on is the answer. */
  private noteResult(responseId: string): void {
    const response = this.parts.responses.get(responseId);
    if (response === undefined || !this.calls.groupComplete(responseId)) return;
    response.given = this.parts.profile.createAfterTool;
    response.heardBeforeMs = this.parts.heardMs(responseId);
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
