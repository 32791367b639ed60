import type { ModelEvent, PartKey } from './events.js';
import type { Ending } from './exit.js';
import type { HistoryItem } from './items.js';
import type { SessionSettings } from './settings.js';

/** Another agent takes over: who it is, and everything the model has to be told in its name. */
export interface Handoff {
  readonly from: string;
  readonly to: string;
  /** Complete, not a patch: what is absent is as if it had never been said. */
  readonly settings: SessionSettings;
}

/** How a tool call ended, as the tool shell saw it. `output` is the text the model gets, also on failure. */
export type ToolOutcome =
  | {
      readonly kind: 'finished';
      readonly output: string;
      readonly durationMs: number;
      /** The model gets the result, but is not asked to speak about it. */
      readonly quiet?: true | undefined;
      /** The call was a transfer: the new agent's settings reach the model before the output does. */
      readonly handoff?: Handoff | undefined;
    }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly message: string;
      readonly output: string;
      readonly durationMs: number;
      /** The session must not go on after this failure: it ends in order, with the code for "stopped by a tool". */
      readonly raise?: true | undefined;
    };

/** How much of one content part the device has rendered, in samples of the provider's output rate. */
export interface RenderedPart extends PartKey {
  readonly samples: number;
}

/** Everything that can happen to a conversation. Time travels beside it, see `Conversation.handle`. */
export type Input =
  | { readonly type: 'model'; readonly event: ModelEvent }
  | { readonly type: 'link.up' }
  /** `retrying`: a new connection is being made; otherwise the session ends. */
  | {
      readonly type: 'link.lost';
      readonly code: number;
      readonly reason: string;
      readonly ending: Ending;
      readonly retrying?: boolean | undefined;
    }
  /** A new connection is up. `resume`: what the provider was asked to take up. */
  | { readonly type: 'link.restored'; readonly resume?: string | undefined }
  /** This connection is known to end then; by the provider's clock or its rules. */
  | { readonly type: 'link.expires'; readonly inMs: number }
  /**
   * After `link.restored`, when the conversation is ready for it: the user's sound that the lost connection may not
   * have understood follows. `spoken`: there is speech in it; `lostMs`: speech that was too long to be kept.
   */
  | { readonly type: 'sound.resent'; readonly spoken: boolean; readonly lostMs: number }
  /** A typed message. Interrupts a running answer. */
  | { readonly type: 'user.text'; readonly text: string }
  | { readonly type: 'user.image'; readonly mime: string; readonly data: Uint8Array }
  | { readonly type: 'user.interrupt' }
  /** The user's turn is over although no server noticed it (tap to talk, end of a recording). */
  | { readonly type: 'user.commit' }
  /** The program asks for an answer to what has been said, as soon as the user is silent. */
  | { readonly type: 'answer.wanted' }
  /** Our own detector or the talk key says the user began to speak: clears playback like `speech.started`. */
  | { readonly type: 'user.speech' }
  /** What our own detector took for speech was none; what was sent of it is to be forgotten. */
  | { readonly type: 'user.discard' }
  | { readonly type: 'playback.rendered'; readonly parts: readonly RenderedPart[] }
  /** Answer to the `playback.clear` effect of the same epoch: what had been rendered when silence began. */
  | { readonly type: 'playback.cleared'; readonly epoch: number; readonly parts: readonly RenderedPart[] }
  | { readonly type: 'playback.drained' }
  | { readonly type: 'device.lost'; readonly message: string }
  | { readonly type: 'device.restored'; readonly message: string }
  | { readonly type: 'tool.ended'; readonly callId: string; readonly outcome: ToolOutcome }
  /**
   * A call of a tool that may ask (`ToolSpec.mayAsk`) waits for permission. `remember`: false where each call is asked
   * about, so that no answer counts for later ones.
   */
  | {
      readonly type: 'tool.approval.required';
      readonly callId: string;
      readonly remember?: boolean | undefined;
    }
  /** A call of a tool that may ask has begun to run, allowed or without having asked. */
  | { readonly type: 'tool.began'; readonly callId: string }
  | {
      readonly type: 'tool.progressed';
      readonly callId: string;
      readonly message?: string | undefined;
      readonly progress?: number | undefined;
      readonly total?: number | undefined;
    }
  /** A guardrail on a tool's input refused this call; the outcome that says so follows. */
  | {
      readonly type: 'tool.guardrail.tripped';
      readonly callId: string;
      readonly guardrail: string;
      readonly message: string;
    }
  /**
   * A guardrail on the assistant's words tripped. `feedback`: what the model is told, so that it says something better;
   * absent: it is told nothing, and asked for nothing. Only the first one of a response counts.
   */
  | {
      readonly type: 'guardrail.tripped';
      readonly guardrail: string;
      readonly responseId: string;
      readonly message: string;
      readonly feedback: string | undefined;
    }
  /**
   * The model is to be told something else from now on: other tools, other instructions, or another agent (`agent`) by
   * order of the program instead of by a call. `settings` are complete, as in {@link Handoff}.
   */
  | {
      readonly type: 'settings.changed';
      readonly settings: SessionSettings;
      readonly agent?: { readonly from: string; readonly to: string } | undefined;
    }
  /** The program rewrites the conversation: the provider forgets and learns the difference. */
  | { readonly type: 'history.replaced'; readonly items: readonly HistoryItem[] }
  | { readonly type: 'tick' }
  /** Leave in order: cancel tools, emit `session.ended`. */
  | { readonly type: 'end'; readonly ending: Ending };
