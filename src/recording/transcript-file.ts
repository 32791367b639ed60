import { lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { writeFailure } from '../audio/files/write-failure.js';
import type { HistoryItem } from '../contract/items.js';
import { renderTranscript, transcriptFormat } from './transcript.js';

/**
 * Writes the conversation so far to `path`, in the format its extension names. The file changes as a whole or not at
 * all; links, pipes and devices are written through. Synchronous, so that it also works while the process exits.
 * @throws VoxtermError exit 2 if the file cannot be written.
 */
export function writeTranscript(path: string, items: readonly HistoryItem[]): void {
  const content = renderTranscript(items, transcriptFormat(path));
  try {
    const existing = lstatSync(path, { throwIfNoEntry: false });
    if (existing && !existing.isFile()) writeFileSync(path, content);
    else replace(path, content);
  } catch (error) {
    throw writeFailure(error, path);
  }
}

function replace(path: string, content: string): void {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, content);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
