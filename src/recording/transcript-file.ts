import { closeSync, lstatSync, writeFileSync } from 'node:fs';
import { writeFailure } from '../audio/files/write-failure.js';
import { openPrivateFile } from '../base/private-file.js';
import { replaceFile } from '../base/replace-file.js';
import type { HistoryItem } from '../contract/items.js';
import { renderTranscript, transcriptFormat } from './transcript.js';

/**
 * Writes the conversation so far to `path`, in the format its extension names. The file changes as a whole or not at
 * all; links, pipes and devices are written through. Only its owner may read it. Synchronous, so that it also works
 * while the process exits.
 * @throws VoxtermError exit 2 if the file cannot be written.
 */
export function writeTranscript(path: string, items: readonly HistoryItem[]): void {
  const content = renderTranscript(items, transcriptFormat(path));
  try {
    const existing = lstatSync(path, { throwIfNoEntry: false });
    if (existing && !existing.isFile()) writeThrough(path, content);
    else replaceFile(path, content);
  } catch (error) {
    throw writeFailure(error, path);
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
