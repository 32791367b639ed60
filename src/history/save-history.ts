import { closeSync, lstatSync, writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { openPrivateFile } from '../base/private-file.js';
import { replaceFile } from '../base/replace-file.js';
import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import type { HistoryItem } from '../contract/items.js';
import { historyToMarkdown } from './history-markdown.js';
import { type HistoryMeta, historyToJson } from './saved-history.js';

/**
 * Writes the conversation to `path`: Markdown where it ends in `.md` or `.markdown`, else JSON that `readHistory` reads
 * again. The file changes as a whole or not at all; links, pipes and devices are written through. Only its owner may
 * read it. Synchronous, so that it also works while the process exits.
 * @throws VoxtermError exit 2 if the file cannot be written.
 */
export function saveHistory(path: string, items: readonly HistoryItem[], meta: HistoryMeta): void {
  const forPeople = ['.md', '.markdown'].includes(extname(path).toLowerCase());
  const content = forPeople ? historyToMarkdown(items, meta) : historyToJson(items, meta);
  try {
    const existing = lstatSync(path, { throwIfNoEntry: false });
    if (existing && !existing.isFile()) writeThrough(path, content);
    else replaceFile(path, content);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/,? \w+ '.*$/, '') : String(error);
    throw new VoxtermError(`The conversation cannot be saved to "${path}": ${reason}.`, {
      code: 'output.failed',
      exitCode: ExitCode.usage,
      hint: 'Check the path, its permissions and the disk it is on.',
      cause: error,
    });
  }
}

function writeThrough(path: string, content: string): void {
  const descriptor = openPrivateFile(path, 'w');
  try {
    writeFileSync(descriptor, content);
  } finally {
    closeSync(descriptor);
  }
}
