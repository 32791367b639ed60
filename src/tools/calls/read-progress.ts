import { isObject } from '../../base/json.js';
import type { ToolProgress } from '../definition/tool.js';

const longestMessage = 500;

/**
 * A tool's progress report; undefined if it contains nothing usable. It is checked because tools from modules may pass
 * anything.
 */
export function readProgress(update: unknown): ToolProgress | undefined {
  if (!isObject(update)) return undefined;
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
