import type { Command } from '../../contract/commands.js';
import type { ModelEvent } from '../../contract/events.js';
import type { Ending } from '../../contract/exit.js';
import type { Frame } from '../../contract/frame.js';
import type { RawMessage } from '../voice-session.js';

export interface LinkClosed {
  /** WebSocket close code; 1005 and 1006 mean that no code was sent. */
  readonly code: number;
  readonly reason: string;
  readonly ending: Ending;
  /** Whether a new connection could help. */
  readonly retryable: boolean;
}

/** One connection to a provider. */
export interface Link {
  /** Called for every event, in order. Events wait until it is set; set `onClosed` in the same tick. */
  onEvent: (event: ModelEvent) => void;
  /** Called once when either side has ended the connection; no event follows. */
  onClosed: (closed: LinkClosed) => void;
  /** Called for every message on the wire; unset unless messages are watched. */
  onRaw?: ((message: RawMessage) => void) | undefined;
  /** Bytes accepted by `send` that the network has not taken yet. */
  readonly bufferedBytes: number;
  /** Never throws; does nothing once the link is closing. */
  send(command: Command): void;
  /** Sends a raw message in the provider's protocol, past the codec. */
  sendRaw(frame: Frame): void;
  /**
   * Resolves when little is left to send, or the link is closed. The sender of a file waits here, so that no sound is
   * lost; sound of a live microphone is dropped where it falls behind.
   */
  drained(): Promise<void>;
  /**
   * Asks the other end for a sign, in a WebSocket ping, that everything sent before has arrived; `onProbed` brings it.
   * False where the other end cannot be asked.
   */
  probe?(id: number): boolean;
  onProbed?: ((id: number) => void) | undefined;
  /** Resolves when the connection is gone, at most two seconds later. Safe to call twice. */
  close(): Promise<void>;
}
