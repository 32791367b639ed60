import { isRecord } from '../record.js';
import type { ToolProgress } from '../tool.js';

const longestMessage = 500;

/** What a tool says of its progress; undefined where there is nothing to tell in it. Tools of modules say what they like. */
export function readProgress(update: unknown): ToolProgress | undefined {
  if (!isRecord(update)) return undefined;
  const message = typeof update.message === 'string' ? update.message.slice(0, longestMessage) : undefined;
  const progress = amount(update.progress);
  const total = amount(update.total);
  if (message === undefined && progress === undefined) return undefined;
  return {
    ...(message !== undefined && { message }),
    ...(progress !== undefined && { progress }),
    ...(total !== undefined && { total }),
  };
}

function amount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
