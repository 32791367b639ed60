import { z } from 'zod';
import { isObject } from '../base/json.js';
import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import {
  type HistoryItem,
  historyChanges,
  messageRoles,
  messageStates,
  toolCallStates,
} from '../contract/items.js';
import { defaultTextLength } from '../contract/limits.js';
import { formatName, formatVersion } from './saved-history.js';

/** A conversation that was read from a file: valid, with unique ids. */
export interface SavedHistory {
  readonly items: readonly HistoryItem[];
  /** The last agent, if the file names it. */
  readonly agent?: string | undefined;
}

/** Longer than any conversation; a larger file is something else. */
const mostItems = 10_000;

const text = z.string().max(defaultTextLength);
const id = z.string().min(1).max(512);
const ms = z.number().min(0);

/** An item that is written by hand only needs a role and text. */
const item = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('message'),
    itemId: id.optional(),
    role: z.enum(messageRoles),
    text,
    state: z.enum(messageStates).default('done'),
    heardMs: ms.optional(),
  }),
  z.object({
    kind: z.literal('tool'),
    itemId: id.optional(),
    callId: id,
    name: id,
    arguments: text,
    output: text.optional(),
    state: z.enum(toolCallStates).default('done'),
  }),
]);
type ReadItem = z.infer<typeof item>;

const event = z.object({
  type: z.literal('history.updated'),
  change: z.enum(historyChanges),
  item: z.object({ itemId: z.string() }),
  index: z.int().min(0),
});

/**
 * Reads a conversation: the file that `historyToJson` makes, a JSON transcript, a bare array of items, or the
 * `events.ndjson` of a recording. `where` names the file in errors. An unfinished item gets a final state.
 * @throws VoxtermError exit 2, with the number of the item and what is allowed there.
 */
export function readHistory(content: string, where: string): SavedHistory {
  const { list, agent } = entries(content, where);
  if (list.length > mostItems)
    throw unreadable(`${where} has ${list.length} items; at most ${mostItems} can be read.`);
  const itemIds = new Names();
  const callIds = new Names();
  const items = list.map((entry, index): HistoryItem => {
    const parsed = item.safeParse(entry);
    if (!parsed.success) throw wrongItem(parsed.error, entry, index, where);
    return settled(parsed.data, index, itemIds, callIds);
  });
  return agent === undefined ? { items } : { items, agent };
}

function entries(content: string, where: string): { list: unknown[]; agent?: string | undefined } {
  const value = json(content);
  if (value === undefined) {
    const recorded = recordedItems(content);
    if (recorded !== undefined) return { list: recorded };
    throw unreadable(`${where} is not JSON.`);
  }
  if (Array.isArray(value)) return { list: value };
  if (!isObject(value)) throw unreadable(`${where} holds no conversation.`);
  const { format, version, agent, schema, items } = value;
  if (format === formatName ? version !== formatVersion : schema !== 1) {
    const found = format === formatName ? `version ${shown(version)}` : 'another kind of file';
    throw unreadable(`${where} is ${found}; what can be read is "${formatName}" version ${formatVersion}.`);
  }
  if (!Array.isArray(items)) throw unreadable(`${where} has no list "items".`);
  return { list: items, agent: typeof agent === 'string' ? agent : undefined };
}

/** The conversation rebuilt from the events of a recording; undefined if they do not contain one. */
function recordedItems(content: string): unknown[] | undefined {
  const items: { itemId: string }[] = [];
  let found = false;
  for (const line of content.split('\n')) {
    // Checked before parsing, because most of the many events are of other types.
    if (!line.includes('"history.updated"')) {
      found ||= line.startsWith('{"type":"header"');
      continue;
    }
    const value = json(line);
    const parsed = event.safeParse(value);
    if (!parsed.success || !isObject(value) || !isObject(value.item)) continue;
    const { change, item: known, index } = parsed.data;
    const at = items.findIndex(({ itemId }) => itemId === known.itemId);
    if (at >= 0) items.splice(at, 1);
    if (change !== 'removed') items.splice(index, 0, { ...value.item, itemId: known.itemId });
    found = true;
  }
  return found ? items : undefined;
}

/** Settles items that were still in progress when the earlier session ended. */
function settled(read: ReadItem, index: number, itemIds: Names, callIds: Names): HistoryItem {
  const itemId = itemIds.free(read.itemId ?? `saved_${index + 1}`);
  if (read.kind === 'tool') {
    const state = read.state === 'running' ? 'cancelled' : read.state;
    return { ...read, itemId, callId: callIds.free(read.callId), state };
  }
  if (read.state !== 'pending') return { ...read, itemId };
  if (read.text !== '') return { ...read, itemId, state: 'done' };
  return { ...read, itemId, state: read.role === 'user' ? 'untranscribed' : 'unheard' };
}

/** Makes each name unique. */
class Names {
  private readonly taken = new Set<string>();
  /** The number to try next, so that thousands of one name do not take quadratic time. */
  private readonly next = new Map<string, number>();

  free(wanted: string): string {
    let name = wanted;
    let count = this.next.get(wanted) ?? 2;
    for (; this.taken.has(name); count++) name = `${wanted}_${count}`;
    this.next.set(wanted, count);
    this.taken.add(name);
    return name;
  }
}

const mostShown = 80;

/** A value of any kind, for a message. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text;
}

function json(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

function wrongItem(error: z.ZodError, entry: unknown, index: number, where: string): VoxtermError {
  const issue = error.issues[0];
  const field = issue?.path.join('.') ?? '';
  const kind = isObject(entry) ? entry.kind : undefined;
  const place = `${where}: item ${index + 1}${field === '' ? '' : `, "${field}"`}`;
  if (field === 'kind' || !isObject(entry)) {
    const found = isObject(entry) ? shown(kind) : 'no object';
    return unreadable(`${place}: found ${found}, allowed are "message" and "tool".`);
  }
  return unreadable(`${place}: ${issue?.message ?? 'not valid'}.`);
}

function unreadable(message: string): VoxtermError {
  return new VoxtermError(message, {
    code: 'history.unreadable',
    exitCode: ExitCode.usage,
    hint: 'A message is {"kind":"message","role":"user"|"assistant"|"system","text":…}, a call {"kind":"tool","callId":…,"name":…,"arguments":…,"output":…}; docs/history.md shows a whole file.',
  });
}
