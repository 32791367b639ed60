import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../../base/replace-file.js';
import { userStatePath } from '../../config/paths.js';
import type { Settings } from '../../config/settings.js';
import type { Codec, Note, Provider } from '../../providers/provider.js';

/** By provider, bot and URL: the handle that continues the last conversation. */
const memory = z.record(z.string(), z.object({ handle: z.string().min(1) }));

type Memory = z.infer<typeof memory>;

/** Number of bots remembered. Beyond it, the oldest conversation is forgotten and starts again. */
const mostConversations = 200;

/** A provider that continues the conversation of an earlier run, and how. */
interface Remembering {
  readonly provider: Provider;
  readonly resume: string | undefined;
}

/**
 * Where conversations live on at the provider when the program ends, the last one is continued, and this one is
 * remembered for the next run. Other providers are returned unchanged. If the file cannot be read or written, nothing
 * is remembered, but the conversation still works.
 */
export function remembering(
  provider: Provider,
  settings: Pick<Settings, 'model' | 'options' | 'url' | 'env' | 'newConversation'>,
  log: ((line: string) => void) | undefined,
): Remembering {
  const { resume, outlivesProgram } = provider.profile(settings.model, settings.options);
  if (resume !== 'conversation' || !outlivesProgram) return { provider, resume: undefined };
  const path = userStatePath(settings.env, 'conversations.json');
  if (path === undefined) {
    log?.('the conversation cannot be remembered: there is no home directory');
    return { provider, resume: undefined };
  }
  const key = [provider.id, settings.options.bot ?? settings.model, settings.url].filter(Boolean).join(' ');
  const { known, note } = load(path);
  const handle = settings.newConversation ? undefined : known[key]?.handle;
  if (handle !== undefined) log?.(`continuing the conversation ${handle} (${path})`);
  const keep = (latest: string): void => {
    try {
      save(path, key, latest);
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown reason';
      log?.(`the conversation cannot be remembered: ${reason}`);
    }
  };
  return { provider: { ...provider, ...watched(provider, keep, note) }, resume: handle };
}

function watched(
  provider: Provider,
  keep: (handle: string) => void,
  note: Note | undefined,
): Pick<Provider, 'codec' | 'notes'> {
  return {
    codec: (connection) => listening(provider.codec(connection), keep),
    notes: (settings, connection) => [
      ...(provider.notes?.(settings, connection) ?? []),
      ...(note === undefined ? [] : [note]),
    ],
  };
}

function listening(codec: Codec, keep: (handle: string) => void): Codec {
  return {
    open: () => codec.open(),
    encode: (command) => codec.encode(command),
    decode: (frame) => {
      const events = codec.decode(frame);
      for (const event of events) if (event.type === 'resume.handle') keep(event.handle);
      return events;
    },
    ...(codec.keepAlive !== undefined && { keepAlive: () => codec.keepAlive?.() ?? [] }),
  };
}

function load(path: string): { readonly known: Memory; readonly note?: Note } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return isMissing(error) ? { known: {} } : { known: {}, note: unreadable(path) };
  }
  try {
    const parsed = memory.safeParse(JSON.parse(text));
    if (parsed.success) return { known: parsed.data };
  } catch {
    // Invalid JSON is treated like JSON of the wrong form.
  }
  return { known: {}, note: unreadable(path) };
}

function unreadable(path: string): Note {
  return {
    code: 'conversation.memory-unreadable',
    message: `The memory of earlier conversations cannot be read: ${path}. A new one begins.`,
    hint: 'Delete the file, or make it readable.',
  };
}

/**
 * The handle shows who the user talked to, so only the owner may read the file. A crash leaves the old file or the new
 * one.
 */
function save(path: string, key: string, handle: string): void {
  // Read again: another run may have saved its own handle in the meantime.
  const { [key]: before, ...others } = load(path).known;
  if (before?.handle === handle) return;
  const entries = [...Object.entries(others), [key, { handle }]].slice(-mostConversations);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  replaceFile(path, `${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n`);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
