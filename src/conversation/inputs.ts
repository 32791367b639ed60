import type { ModelEvent, PartKey } from './events.js';
import type { Ending } from './exit.js';

/** How a tool call ended, as the tool shell saw it. `output` is the text the model gets, also on failure. */
export type ToolOutcome =
  | { readonly kind: 'finished'; readonly output: string; readonly durationMs: number }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly message: string;
      readonly output: string;
      readonly durationMs: number;
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
  /** A typed message. Interrupts a running answer. */
  | { readonly type: 'user.text'; readonly text: string }
  | { readonly type: 'user.image'; readonly mime: string; readonly data: Uint8Array }
  | { readonly type: 'user.interrupt' }
  /** The user's turn is over although no server noticed it (tap to talk, end of a recording). */
  | { readonly type: 'user.commit' }
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
  | { readonly type: 'tick' }
  /** Leave in order: cancel tools, emit `session.ended`. */
  | { readonly type: 'end'; readonly ending: Ending };
