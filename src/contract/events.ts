import type { Facts } from './facts.js';
import type { ItemSnapshot } from './items.js';
import type { Usage } from './usage.js';

/** Where a piece of an answer belongs. One item may hold several content parts, one response several items. */
export interface PartKey {
  readonly itemId: string;
  readonly contentIndex: number;
}

/** What is part of an answer. */
export type ResponseEvent = Exclude<
  Extract<ModelEvent, { readonly responseId: string }>,
  { readonly type: 'output.started' | 'output.stopped' | 'output.cleared' | 'text.late' }
>;

export const responseStatuses = ['completed', 'cancelled', 'failed', 'incomplete'] as const;
export type ResponseStatus = (typeof responseStatuses)[number];

/**
 * Facts from the provider, in the past tense. One event means one thing on every provider; what a dialect does
 * not say, its codec synthesises or leaves out.
 */
export type ModelEvent =
  /** The server accepted the connection. `expiresAtMs` is Unix time. */
  | {
      readonly type: 'session.created';
      readonly sessionId: string;
      readonly model?: string | undefined;
      readonly voice?: string | undefined;
      readonly expiresAtMs?: number | undefined;
    }
  /** The settings we sent are in force. Audio may flow. */
  | {
      readonly type: 'session.updated';
      readonly model?: string | undefined;
      readonly voice?: string | undefined;
      readonly expiresAtMs?: number | undefined;
      /** False where the server says that it will not write down the user's words, whatever was asked. */
      readonly transcribes?: false | undefined;
    }
  | { readonly type: 'session.ended'; readonly reason: string }
  | {
      readonly type: 'speech.started';
      readonly itemId?: string | undefined;
      readonly audioStartMs?: number | undefined;
    }
  | {
      readonly type: 'speech.stopped';
      readonly itemId?: string | undefined;
      readonly audioEndMs?: number | undefined;
    }
  | {
      readonly type: 'input.committed';
      readonly itemId: string;
      readonly previousItemId?: string | null | undefined;
    }
  | { readonly type: 'input.cleared' }
  | { readonly type: 'input.timeout'; readonly itemId?: string | undefined }
  | {
      readonly type: 'item.added';
      readonly item: ItemSnapshot;
      readonly previousItemId?: string | null | undefined;
    }
  | { readonly type: 'item.done'; readonly item: ItemSnapshot }
  | { readonly type: 'item.deleted'; readonly itemId: string }
  | ({ readonly type: 'item.truncated'; readonly audioEndMs: number } & PartKey)
  /** More words of the user. */
  | { readonly type: 'user.transcript.delta'; readonly itemId: string; readonly delta: string }
  /** All words so far, replacing earlier ones; after the end, a correction. */
  | { readonly type: 'user.transcript.updated'; readonly itemId: string; readonly text: string }
  /** Once for each item. */
  | { readonly type: 'user.transcript.done'; readonly itemId: string; readonly text: string }
  | { readonly type: 'user.transcript.failed'; readonly itemId: string; readonly message: string }
  | {
      readonly type: 'response.created';
      readonly responseId: string;
      /** Event id of the `response.create` it answers, where the provider says so. */
      readonly createEventId?: string | undefined;
    }
  | {
      readonly type: 'response.done';
      readonly responseId: string;
      readonly status: ResponseStatus;
      readonly reason?: string | undefined;
      readonly error?: { readonly code: string; readonly message: string } | undefined;
      readonly usage?: Usage | undefined;
    }
  | { readonly type: 'output.item.added'; readonly responseId: string; readonly item: ItemSnapshot }
  | { readonly type: 'output.item.done'; readonly responseId: string; readonly item: ItemSnapshot }
  /** PCM16 little-endian mono at the profile's output rate. */
  | ({ readonly type: 'audio.delta'; readonly responseId: string; readonly audio: Uint8Array } & PartKey)
  | ({ readonly type: 'audio.done'; readonly responseId: string } & PartKey)
  /** Words of the answer; `spoken` when they are also sound. */
  | ({
      readonly type: 'text.delta';
      readonly responseId: string;
      readonly delta: string;
      readonly spoken: boolean;
    } & PartKey)
  | ({
      readonly type: 'text.done';
      readonly responseId: string;
      readonly text: string;
      readonly spoken: boolean;
    } & PartKey)
  /** More words of an answer that is over: some transcripts come after the end. */
  | ({ readonly type: 'text.late'; readonly responseId: string; readonly delta: string } & PartKey)
  | {
      readonly type: 'tool.delta';
      readonly responseId: string;
      readonly itemId: string;
      readonly callId: string;
      readonly delta: string;
    }
  /** A complete call that must be answered. Never sent for an incomplete or cancelled one. */
  | {
      readonly type: 'tool.called';
      readonly responseId: string;
      readonly itemId: string;
      readonly callId: string;
      readonly name: string;
      readonly arguments: string;
    }
  | { readonly type: 'tool.call.cancelled'; readonly callIds: readonly string[] }
  /** The model calls a tool that the provider runs itself, and will only speak about its result when it is asked to. */
  | { readonly type: 'server.tool.started'; readonly itemId: string }
  /** It has its result, or has failed. */
  | { readonly type: 'server.tool.done'; readonly itemId: string }
  /** Where the sound takes another way than ours, as in a telephone call: the caller begins to hear this answer. */
  | { readonly type: 'output.started'; readonly responseId: string }
  /** The caller has heard all of it. */
  | { readonly type: 'output.stopped'; readonly responseId: string }
  /** The caller hears no more of it because of an interruption. `item.truncated` says how far it came. */
  | { readonly type: 'output.cleared'; readonly responseId: string }
  /** The provider stopped its own answer because the user spoke, without saying that speech began. */
  | { readonly type: 'interrupted' }
  | { readonly type: 'usage'; readonly usage: Usage }
  | {
      readonly type: 'rate.limits';
      readonly limits: readonly {
        readonly name: string;
        readonly remaining: number;
        readonly resetS: number;
      }[];
    }
  | { readonly type: 'going.away'; readonly timeLeftMs: number }
  | { readonly type: 'resume.handle'; readonly handle: string }
  /**
   * `fatal`: the session cannot go on. `code` is the provider's own; `source: 'protocol'` marks a frame we could
   * not read. `activeResponse`: a `response.create` came while another response was open (the provider's code for
   * that differs, so the codec says it).
   */
  | {
      readonly type: 'error';
      readonly code: string;
      readonly message: string;
      /** What the user can do about it, where the codec knows. */
      readonly hint?: string | undefined;
      readonly facts?: Facts | undefined;
      readonly fatal: boolean;
      readonly source: 'provider' | 'protocol';
      /** What kind of trouble, for the exit code: credentials → 3, refused → 5. */
      readonly cause?:
        | 'credentials'
        | 'quota'
        | 'model'
        | 'expired'
        | 'activeResponse'
        | 'harmless'
        | undefined;
      readonly eventId?: string | undefined;
      /** The field that is not accepted, by the provider's name for it. */
      readonly param?: string | undefined;
      /**
       * The setting that is not accepted, in our names, where the codec can tell: `['turnDetection', 'eagerness']`,
       * `['tools', 3]` for the fourth tool, `['extra', …]` for a field of the provider's own, `['format']` for that of
       * the sound.
       */
      readonly setting?: readonly (string | number)[] | undefined;
    }
  /** A frame without a meaning here. Never an error. */
  | { readonly type: 'other'; readonly name: string; readonly raw: unknown };
