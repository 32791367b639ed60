/**
 * One entry of the conversation. Every list of these is valid input for a new connection: a tool result
 * follows its call, and an assistant message holds only what the user really heard or read.
 */
export type HistoryItem = MessageItem | ToolCallItem;

export interface MessageItem {
  readonly kind: 'message';
  readonly itemId: string;
  readonly role: 'user' | 'assistant' | 'system';
  readonly text: string;
  /**
   * `pending`: still being spoken or transcribed; `done`; `cut`: the user interrupted and `text` ends where
   * the sound ended; `unheard`: interrupted before the first sample; `untranscribed`: spoken, words unknown.
   */
  readonly state: 'pending' | 'done' | 'cut' | 'unheard' | 'untranscribed';
  /** Milliseconds of the answer that were rendered; absent for text. */
  readonly heardMs?: number | undefined;
}

export interface ToolCallItem {
  readonly kind: 'tool';
  readonly itemId: string;
  readonly callId: string;
  readonly name: string;
  /** JSON text as the model wrote it. */
  readonly arguments: string;
  /** Absent while the call is owed an answer. */
  readonly output?: string | undefined;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
}

/** What a provider says an item is. Only what it really sent is present. */
export interface ItemSnapshot {
  readonly itemId: string;
  readonly kind: 'message' | 'tool.call' | 'tool.output' | 'other';
  readonly role?: 'user' | 'assistant' | 'system' | undefined;
  readonly text?: string | undefined;
  readonly callId?: string | undefined;
  readonly name?: string | undefined;
  readonly status?: 'in_progress' | 'completed' | 'incomplete' | undefined;
}

/** What we ask a provider to add to the conversation. */
export type NewItem =
  | {
      readonly kind: 'message';
      readonly itemId?: string | undefined;
      readonly role: 'user' | 'assistant' | 'system';
      readonly text: string;
    }
  | {
      readonly kind: 'image';
      readonly itemId?: string | undefined;
      readonly mime: string;
      readonly data: Uint8Array;
    }
  | {
      readonly kind: 'tool.call';
      readonly itemId?: string | undefined;
      readonly callId: string;
      readonly name: string;
      readonly arguments: string;
    }
  | {
      readonly kind: 'tool.output';
      readonly itemId?: string | undefined;
      readonly callId: string;
      readonly output: string;
    };
