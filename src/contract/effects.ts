import type { Command } from './commands.js';
import type { PartKey } from './events.js';
import type { Ending } from './exit.js';
import type { SessionEventBody } from './session-events.js';

/** What the shells have to do, in this order. */
export type Effect =
  | { readonly type: 'send'; readonly command: Command }
  /** Queue sound of the current epoch. PCM16 mono at the profile's output rate. */
  | ({ readonly type: 'play'; readonly audio: Uint8Array } & PartKey)
  /** No more sound will come for this part. */
  | ({ readonly type: 'play.end' } & PartKey)
  /** Fall silent now, drop the queue, and answer with the input `playback.cleared` of this epoch. */
  | { readonly type: 'playback.clear'; readonly epoch: number }
  | {
      readonly type: 'tool.run';
      readonly callId: string;
      readonly name: string;
      readonly arguments: string;
      readonly responseId: string;
      /** Whose tools are meant: the agent that had the conversation when this answer began. */
      readonly agent?: string | undefined;
    }
  | { readonly type: 'tool.cancel'; readonly callId: string; readonly reason: string }
  /** The assistant hears itself: the microphone must be muted while we speak. */
  | { readonly type: 'echo.half-duplex' }
  /**
   * What becomes of the sound of the user's turn: a turn is `open`; it has `ended`, and everything sent until now
   * belongs to it; what had ended is `settled`, no other connection needs its sound. Sound that is not settled when the
   * connection is lost is sent again on the next one, after the input `sound.resent`.
   */
  | { readonly type: 'user.turn'; readonly state: 'open' | 'ended' | 'settled' }
  /**
   * Change to a new connection: close this one, make another, and say `link.restored`. `renewed`: it takes up nothing
   * that the provider still has of the old one, and there is no reason to wait before it.
   */
  | { readonly type: 'reconnect'; readonly renewed: boolean }
  | { readonly type: 'emit'; readonly event: SessionEventBody }
  | { readonly type: 'end'; readonly ending: Ending };
