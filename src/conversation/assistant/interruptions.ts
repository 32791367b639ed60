import type { Input } from '../../contract/inputs.js';
import type { OpenResponse } from '../asking/open-response.js';
import type { Responses } from '../asking/responses.js';
import type { Outbox } from '../core/outbox.js';
import type { Speech } from '../speech/speech.js';
import type { ToolTurns } from '../tools/tool-turns.js';
import type { UserTurns } from '../user/user-turns.js';
import type { StoppedAnswers } from './stopped-answers.js';

/** Why a call does not go on. */
const takenBack = 'it was removed from the conversation';

/** A guardrail on the assistant's words. */
type OutputTrip = Extract<Input, { type: 'guardrail.tripped' }>;

export interface InterruptionsParts {
  readonly out: Outbox;
  readonly userTurns: UserTurns;
  readonly responses: Responses;
  readonly speech: Speech;
  readonly tools: ToolTurns;
  readonly guard: StoppedAnswers;
  /** A response that the server was told to stop, and that it says no more of. */
  readonly closed: (response: OpenResponse) => void;
}

/** How an answer comes to its end before its time: by the user, a guardrail, or the program. */
export class Interruptions {
  constructor(private readonly parts: InterruptionsParts) {}

  /**
   * The user has the floor: silence at once, and nothing that still comes of the open responses is heard or shown. What
   * had been heard is settled when the player answers. `cancel`: the server will not stop by itself. `byHand`: the
   * pending answer is not wanted either.
   */
  interrupt({ cancel, byHand }: { cancel: boolean; byHand: boolean }): void {
    const { out, responses, speech } = this.parts;
    speech.clear();
    responses.cancelPending(byHand);
    const audible =
      speech.sounding || [...responses.all].some(({ staleSinceMs }) => staleSinceMs === undefined);
    for (const response of [...responses.all]) {
      if (response.staleSinceMs !== undefined) continue;
      response.staleSinceMs = out.nowMs;
      speech.answers.interruptSilent(response.id, true);
      if (cancel) this.cancel(response);
    }
    // OpenAI wants it after the cancel, or the answer goes on to fill what has been emptied.
    if (cancel && audible) speech.clearElsewhere();
  }

  /** The user takes the floor, by voice or in writing. Calls that are no longer needed are given up, too. */
  yield(how: { cancel: boolean; byHand: boolean }): void {
    const { speech, tools, guard } = this.parts;
    tools.calls.interrupted();
    guard.callOff(speech.sources);
    this.interrupt(how);
  }

  /**
   * A guardrail does not let these words pass: nothing more of the answer is heard or shown, the model learns why, and
   * says something better, unless the user has the word anyway.
   */
  guardrailTripped({ guardrail, responseId, message, feedback }: OutputTrip): void {
    const { out, userTurns, responses, speech, guard } = this.parts;
    if (!guard.trip(responseId)) return;
    out.emit({ type: 'guardrail.tripped', guardrail, responseId, message });
    const open = responses.get(responseId);
    const running = open !== undefined && open.staleSinceMs === undefined;
    const sounding = speech.soundsOf(responseId);
    const unwanted =
      (open !== undefined && !running) ||
      responses.howItEnded(responseId) === 'interrupted' ||
      guard.calledOff(responseId);
    // The player has one queue: what was begun after these words goes with them, and did not know what is told now.
    if (running || sounding) this.interrupt({ cancel: true, byHand: false });
    if (feedback === undefined) return;
    const itemId = guard.tell(feedback);
    const current = running || sounding || responses.latestId === responseId;
    if (current && !unwanted && !userTurns.hasFloor) responses.owe(itemId === undefined ? {} : { itemId });
  }

  /** The program takes an answer out of the conversation that is still being given. */
  takeBack(itemId: string): void {
    this.parts.speech.answers.takeBack(itemId);
    this.interrupt({ cancel: true, byHand: false });
  }

  /** The same of a call. `forgotten`: the provider deletes it, so that nothing waits for its answer. */
  takeCallBack(callId: string, forgotten: boolean): void {
    if (forgotten) this.parts.tools.calls.cancel(callId, takenBack);
    else this.parts.tools.calls.giveUp(callId, takenBack);
  }

  /** The user wants silence: neither what is being said, nor what is about to be. */
  silence(): void {
    this.yield({ cancel: true, byHand: true });
    this.parts.userTurns.refuseAnswer();
    this.parts.tools.forgoAnswers();
  }

  /** The server is to stop it. */
  cancel(response: OpenResponse): void {
    if (this.parts.responses.cancel(response)) this.parts.closed(response);
  }
}
