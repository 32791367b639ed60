import type { NewItem } from './items.js';
import type { SessionSettings } from './settings.js';

/**
 * Orders to the provider, in the imperative. A codec turns each into zero or more frames. `eventId` is quoted
 * by providers that report which command an error belongs to.
 */
export type Command =
  | {
      readonly type: 'session.update';
      readonly settings: SessionSettings;
      readonly eventId?: string | undefined;
    }
  /** A turn of the user begins that we shall end with `audio.commit`. Many dialects have no word for it. */
  | { readonly type: 'turn.begin' }
  /** PCM16 little-endian mono at the profile's input rate. */
  | { readonly type: 'audio.append'; readonly audio: Uint8Array }
  | { readonly type: 'audio.commit'; readonly eventId?: string | undefined }
  | { readonly type: 'audio.clear'; readonly eventId?: string | undefined }
  | {
      readonly type: 'item.create';
      readonly item: NewItem;
      /** Its place; `root` is the beginning, absent the end. */
      readonly previousItemId?: string | undefined;
      readonly eventId?: string | undefined;
    }
  | {
      readonly type: 'item.truncate';
      readonly itemId: string;
      readonly contentIndex: number;
      /** Whole milliseconds heard, never above what was received. */
      readonly audioEndMs: number;
      readonly eventId?: string | undefined;
    }
  | { readonly type: 'item.delete'; readonly itemId: string; readonly eventId?: string | undefined }
  | { readonly type: 'response.create'; readonly eventId?: string | undefined }
  /** Where the sound takes another way than ours: what has not been heard yet must not be. */
  | { readonly type: 'output.clear'; readonly eventId?: string | undefined }
  | {
      readonly type: 'response.cancel';
      readonly responseId?: string | undefined;
      readonly eventId?: string | undefined;
    };
