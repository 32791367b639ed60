import type { HistoryItem } from '../contract/items.js';

/** The metadata of a saved conversation. */
export interface HistoryMeta {
  readonly savedAt: Date;
  readonly provider: string;
  readonly model: string;
  /** The last agent, if there are agents. */
  readonly agent?: string | undefined;
}

export const formatName = 'voxterm-history';
export const formatVersion = 1;

/**
 * The conversation as a file that another session can begin with. An interrupted answer contains only the words that
 * the user heard.
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
