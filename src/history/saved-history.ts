import type { HistoryItem } from '../contract/items.js';

/** What a saved conversation says about itself. */
export interface HistoryMeta {
  readonly savedAt: Date;
  readonly provider: string;
  readonly model: string;
  /** Who had the conversation at its end, where there are agents. */
  readonly agent?: string | undefined;
}

export const formatName = 'voxterm-history';
export const formatVersion = 1;

/**
 * The conversation as a file that another session can begin with. What was interrupted holds the words that were heard,
 * and nothing the user did not hear.
 */
export function historyToJson(items: readonly HistoryItem[], meta: HistoryMeta): string {
  const { savedAt, provider, model, agent } = meta;
  const file = {
    format: formatName,
    version: formatVersion,
    savedAt: savedAt.toISOString(),
    provider,
    model,
    ...(agent === undefined ? {} : { agent }),
    items,
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}
