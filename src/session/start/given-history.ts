import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { HistoryItem } from '../../contract/items.js';

/**
 * Checks an earlier conversation that a program passes; untyped programs may pass anything.
 * @throws VoxtermError exit 2 with the number of the invalid item.
 */
export function checkHistory(items: readonly HistoryItem[] | undefined): void {
  if (items === undefined) return;
  if (!Array.isArray(items)) throw invalid('`history` must be an array of history items.');
  items.forEach((item: unknown, index) => {
    if (!isItem(item))
      throw invalid(`Item ${index + 1} of the history is neither a message nor a function call.`);
  });
}

function isItem(item: unknown): boolean {
  if (typeof item !== 'object' || item === null || !('kind' in item)) return false;
  if (item.kind === 'message') return hasTexts(item, ['itemId', 'role', 'text', 'state']);
  return item.kind === 'tool' && hasTexts(item, ['itemId', 'callId', 'name', 'arguments', 'state']);
}

function hasTexts(item: object, names: readonly string[]): boolean {
  const values = new Map<string, unknown>(Object.entries(item));
  return names.every((name) => typeof values.get(name) === 'string');
}

function invalid(message: string): VoxtermError {
  return new VoxtermError(message, {
    code: 'history.invalid',
    exitCode: ExitCode.usage,
    hint: 'Give the items of an earlier session.history, or what readHistory makes of a file.',
  });
}
