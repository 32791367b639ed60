/**
 * One entry of the conversation. Every list of these is valid input for a new connection: a tool result
 * follows its call, and an assistant message holds only what the user really heard or read.
 */
export type HistoryItem = MessageItem | ToolCallItem;

export const messageRoles = ['user', 'assistant', 'system'] as const;
type MessageRole = (typeof messageRoles)[number];

/**
 * `pending`: still being spoken or transcribed; `done`; `cut`: the user interrupted and `text` ends where the sound
 * ended; `unheard`: interrupted before the first sample; `untranscribed`: spoken, words unknown.
 */
export const messageStates = ['pending', 'done', 'cut', 'unheard', 'untranscribed'] as const;
export const toolCallStates = ['running', 'done', 'failed', 'cancelled'] as const;

export interface MessageItem {
  readonly kind: 'message';
  readonly itemId: string;
  readonly role: MessageRole;
  readonly text: string;
  readonly state: (typeof messageStates)[number];
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
  readonly state: (typeof toolCallStates)[number];
}

/** What became of an item of the conversation. */
export const historyChanges = ['added', 'updated', 'removed'] as const;
export type HistoryChange = (typeof historyChanges)[number];

/** How complete an item is, in the words of the provider. */
export const itemStatuses = ['in_progress', 'completed', 'incomplete'] as const;

/** What a provider says an item is. Only what it really sent is present. */
export interface ItemSnapshot {
  readonly itemId: string;
  readonly kind: 'message' | 'tool.call' | 'tool.output' | 'other';
  readonly role?: MessageRole | undefined;
  readonly text?: string | undefined;
  readonly callId?: string | undefined;
  readonly name?: string | undefined;
  readonly status?: (typeof itemStatuses)[number] | undefined;
}

/** What we ask a provider to add to the conversation. */
export type NewItem =
  | {
      readonly kind: 'message';
      readonly itemId?: string | undefined;
      readonly role: MessageRole;
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
