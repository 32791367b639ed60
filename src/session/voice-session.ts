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

/** A word for the status line. */
export type SessionState = ConversationState | 'muted';

/** One message of the provider's own, as it was sent or received; without keys, with sound. */
export interface RawMessage {
  readonly direction: 'sent' | 'received';
  /** JSON as text, or binary. */
  readonly frame: string | Uint8Array;
}

/** A running conversation: what commands, the terminal and recorders see. */
export interface VoiceSession {
  readonly profile: Profile;
  /** Where the `at` of its events begins to count. */
  readonly startedAt: Date;
  /** Who notices that the user's turn is over; by hand, `toggleTalk` is the way to speak. */
  readonly turns: TurnKeeper;
  readonly state: SessionState;
  readonly history: readonly HistoryItem[];
  readonly usage: Usage;
  /** What there is to hear with and to speak through; null = typed text and printed replies only. */
  readonly sound: {
    readonly backend: string;
    readonly inputName: string | null;
    readonly outputName: string | null;
  } | null;
  readonly muted: boolean;
  /** Subscribe to events, called synchronously and in order. Returns the way to unsubscribe. */
  subscribe(listener: (event: SessionEvent) => void): () => void;
  /** Levels for meters, 0 to 1, about every 20 to 50 ms: `input` is the microphone, `output` what is rendered. */
  onLevel: ((side: 'input' | 'output', level: number) => void) | undefined;
  /**
   * The sound of both sides, for recorders: what was sent to the provider, and what came from it. PCM16 mono at the
   * profile's rates.
   */
  onAudio: ((side: 'user' | 'assistant', pcm: Uint8Array, part: PartKey | undefined) => void) | undefined;
  /** Every message on the wire, before it is read and after it was written. */
  onRaw: ((message: RawMessage) => void) | undefined;
  /** Sends a message of the provider's own; what it answers arrives at `onRaw`, and as events where they are known. */
  sendRaw(frame: string | Uint8Array): void;
  /** Lets a call run that waits for it. Returns false where none does. */
  approve(callId: string, answer?: ApprovalAnswer): boolean;
  /** Answers a waiting call with a refusal in words. Returns false where none waits. */
  reject(callId: string, answer?: ApprovalAnswer & { readonly message?: string | undefined }): boolean;
  /**
   * Rewrites the conversation, here and at the provider where it can forget. Items that are new need an `itemId` of their own.
   * Function calls can be removed, not added.
   */
  updateHistory(change: HistoryItem[] | ((history: readonly HistoryItem[]) => HistoryItem[])): void;
  /**
   * Another agent takes over, or another version of the one that has the conversation.
   * @throws VoxtermError for what is wrong with it; the earlier one stays.
   */
  updateAgent(agent: Agent): Promise<void>;
  /** Sends a typed message; interrupts a running answer. */
  sendText(text: string): void;
  /** Shows the model a picture, as it is; where the profile says that it takes none, a warning follows. No answer begins. */
  sendImage(image: { readonly mime: string; readonly data: Uint8Array }): void;
  /** PCM16 mono at `profile.inputRateHz`, any length. For sources other than the microphone. */
  sendAudio(pcm: Uint8Array): void;
  /** Resolves when the network has taken what was sent, down to a small rest. Back-pressure for long input. */
  drained(): Promise<void>;
  /**
   * Asks for an answer to what has been said, as soon as nobody speaks: for turns the server was told not to answer
   * (`createResponse: false`), or to let the assistant speak first.
   */
  respond(): void;
  /** Ends the user's turn by hand, where no server detects it. */
  commit(): void;
  /** Tap to talk, where turns are manual: first call opens the turn, second commits it. Returns whether it is open now. */
  toggleTalk(): boolean;
  interrupt(): void;
  setMuted(muted: boolean): void;
  /** Leaves in order; resolves when everything is closed. Twice does no harm. */
  end(ending?: Ending): Promise<Ending>;
  /** Resolves when the session is over, whoever ended it. Never rejects. */
  readonly ended: Promise<Ending>;
}
