import type { Agent } from '../agents/agent.js';
import type { PartKey } from '../contract/events.js';
import type { Ending } from '../contract/exit.js';
import type { HistoryItem } from '../contract/items.js';
import type { Profile } from '../contract/profile.js';
import type { SessionEvent } from '../contract/session-events.js';
import type { TurnKeeper } from '../contract/turn-keeper.js';
import type { Usage } from '../contract/usage.js';
import type { ConversationState } from '../conversation/conversation.js';
import type { ApprovalAnswer } from '../tools/definition/tool.js';

/** The state, for the status line. */
export type SessionState = ConversationState | 'muted';

/** One raw message in the provider's protocol, as it was sent or received; without keys, with sound. */
export interface RawMessage {
  readonly direction: 'sent' | 'received';
  /** JSON as text, or binary. */
  readonly frame: string | Uint8Array;
}

/** A running conversation, as commands, the terminal and recorders use it. */
export interface VoiceSession {
  readonly profile: Profile;
  /** The time from which the `at` of its events counts. */
  readonly startedAt: Date;
  /** What ends the user's turn; for manual turns, use `toggleTalk`. */
  readonly turns: TurnKeeper;
  readonly state: SessionState;
  readonly history: readonly HistoryItem[];
  readonly usage: Usage;
  /** The microphone and the output; null = typed text and printed replies only. */
  readonly sound: {
    readonly backend: string;
    readonly inputName: string | null;
    readonly outputName: string | null;
  } | null;
  readonly muted: boolean;
  /** Subscribe to events, called synchronously and in order. Returns a function that unsubscribes. */
  subscribe(listener: (event: SessionEvent) => void): () => void;
  /** Levels for meters, 0 to 1, about every 20 to 50 ms: `input` is the microphone, `output` what is rendered. */
  onLevel: ((side: 'input' | 'output', level: number) => void) | undefined;
  /**
   * The sound of both sides, for recorders: what was sent to the provider, and what came from it. PCM16 mono at the
   * profile's rates.
   */
  onAudio: ((side: 'user' | 'assistant', pcm: Uint8Array, part: PartKey | undefined) => void) | undefined;
  /** Every message on the wire, before it is decoded and after it was sent. */
  onRaw: ((message: RawMessage) => void) | undefined;
  /**
   * Sends a raw message in the provider's protocol; the reply arrives at `onRaw`, and as events if it is of a known
   * type.
   */
  sendRaw(frame: string | Uint8Array): void;
  /** Approves a call that waits for approval. Returns false if no such call waits. */
  approve(callId: string, answer?: ApprovalAnswer): boolean;
  /** Rejects a call that waits for approval; the model gets the message. Returns false if no such call waits. */
  reject(callId: string, answer?: ApprovalAnswer & { readonly message?: string | undefined }): boolean;
  /**
   * Replaces the history, here and at providers that can delete items. New items need a unique `itemId`. Function calls
   * can be removed, not added.
   */
  updateHistory(change: HistoryItem[] | ((history: readonly HistoryItem[]) => HistoryItem[])): void;
  /**
   * Hands over to another agent, or to another version of the current one.
   * @throws VoxtermError if the agent is invalid; the current one stays.
   */
  updateAgent(agent: Agent): Promise<void>;
  /** Sends a typed message; interrupts a running answer. */
  sendText(text: string): void;
  /**
   * Sends a picture unchanged, without asking for an answer. A warning follows if the model does not accept pictures.
   */
  sendImage(image: { readonly mime: string; readonly data: Uint8Array }): void;
  /** PCM16 mono at `profile.inputRateHz`, any length. For sources other than the microphone. */
  sendAudio(pcm: Uint8Array): void;
  /** Resolves when almost everything has been sent to the network. Back-pressure for long input. */
  drained(): Promise<void>;
  /**
   * Asks for an answer to what has been said, once neither side speaks: for turns the server was told not to answer
   * (`createResponse: false`), or to let the assistant speak first.
   */
  respond(): void;
  /** Ends the user's turn by hand, if the server does not detect turns. */
  commit(): void;
  /**
   * Tap to talk, for manual turns: the first call opens the turn, the second commits it. Returns whether it is open
   * now.
   */
  toggleTalk(): boolean;
  interrupt(): void;
  setMuted(muted: boolean): void;
  /** Ends the session cleanly; resolves when everything is closed. Safe to call twice. */
  end(ending?: Ending): Promise<Ending>;
  /** Resolves when the session has ended, on either side. Never rejects. */
  readonly ended: Promise<Ending>;
}
