import type { HistoryItem } from './items.js';
import type { HistoryLimit, Limits } from './limits.js';
import type { PriceTable } from './prices.js';
import type { Profile } from './profile.js';
import type { SessionSettings } from './settings.js';

/**
 * What a user or a program decides about a conversation. Passed on whole, from the configuration or from `connect` to
 * the conversation: a new rule is declared here and read where it acts, and named nowhere in between.
 */
export interface ConversationRules {
  readonly historyLimit?: HistoryLimit | undefined;
  readonly limits?: Limits | undefined;
  /** What tokens cost, in place of what the provider publishes. Where neither is known, no cost is told. */
  readonly prices?: PriceTable | undefined;
}

/** What a conversation has to know before it begins. */
export interface ConversationOptions extends ConversationRules {
  readonly profile: Profile;
  readonly settings: SessionSettings;
  /** Watch for the assistant hearing itself and ask for half-duplex when it does. */
  readonly watchEcho: boolean;
  /** A new connection is made when this one ends. Default false: the conversation ends with it. */
  readonly reconnects?: boolean | undefined;
  /** Who has the conversation at its beginning, where there are agents. */
  readonly agent?: string | undefined;
  /** What was said in an earlier session; the provider is told before the first word. */
  readonly history?: readonly HistoryItem[] | undefined;
}
