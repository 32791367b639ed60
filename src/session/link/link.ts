import type { Command } from '../../contract/commands.js';
import type { ModelEvent } from '../../contract/events.js';
import type { Ending } from '../../contract/exit.js';
import type { Frame } from '../../contract/frame.js';
import type { RawMessage } from '../voice-session.js';

export interface LinkClosed {
  /** WebSocket close code; 1005 and 1006 mean that there was none. */
  readonly code: number;
  readonly reason: string;
  readonly ending: Ending;
  /** A new connection could help. */
  readonly retryable: boolean;
}

/** One connection to a provider. */
export interface Link {
  /** Called for every event, in order. What comes before it is set waits; set `onClosed` in the same tick. */
  onEvent: (event: ModelEvent) => void;
  /** Called once, whoever ended the connection; nothing comes after it. */
  onClosed: (closed: LinkClosed) => void;
  /** Every message on the wire; set by whoever wants to see them. */
  onRaw?: ((message: RawMessage) => void) | undefined;
  /** Bytes accepted by `send` that the network has not taken yet. */
  readonly bufferedBytes: number;
  /** Never throws; does nothing once the link is closing. */
  send(command: Command): void;
  /** A message of the provider's own, past the codec. */
  sendRaw(frame: Frame): void;
  /**
   * Resolves when little is left to send, or the link is closed. A file must not lose sound, so whoever sends one
   * waits here; a live microphone looks at `bufferedBytes` and drops.
   */
  drained(): Promise<void>;
  /** Resolves when the connection is gone, at most two seconds later. Twice does no harm. */
  close(): Promise<void>;
}
