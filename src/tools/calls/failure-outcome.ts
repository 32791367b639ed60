import { VoxtermError } from '../../contract/failure.js';
import type { ToolOutcome } from '../../contract/inputs.js';
import type { ToolCall } from '../tool.js';
import { ToolError } from '../tool-error.js';
import { limitText } from './result-text.js';

type Failed = Extract<ToolOutcome, { kind: 'failed' }>;

/** Every failure reaches the model in the same shape, `{"error":{"code","message"}}`. */
export function failed(code: string, message: string, durationMs: number): Failed {
  return { kind: 'failed', code, message, output: JSON.stringify({ error: { code, message } }), durationMs };
}

/** Chooses the words for the model when a call fails. What it throws counts as undefined. */
export type ToolErrorFormatter = (failure: {
  readonly toolName: string;
  readonly callId: string;
  /** For example `timeout`, `tool.unknown`, `arguments.invalid`, `rejected`; a tool's own codes, too. */
  readonly code: string;
  readonly message: string;
}) => string | undefined;

/** A failure in the words the program chose for the model. What the program is told of it, its message, stays. */
export function reworded(
  outcome: ToolOutcome,
  { callId, name }: ToolCall,
  formatter: ToolErrorFormatter | undefined,
  maxBytes: number,
): ToolOutcome {
  if (formatter === undefined || outcome.kind !== 'failed') return outcome;
  const { code, message } = outcome;
  let words: unknown;
  try {
    words = formatter({ toolName: name, callId, code, message });
  } catch {
    return outcome;
  }
  return typeof words === 'string' ? { ...outcome, output: limitText(words, maxBytes) } : outcome;
}

const longestMessage = 500;
/** As much of a text is looked at for keys, paths and stacks: patterns take long for what somebody made long on purpose. */
export const longestLook = 4000;
const secretName = /key|token|secret|password|credential/i;
/** Shorter values are words, and replacing them would cut holes into a sentence. */
const shortestSecret = 8;

/**
 * What a tool threw, in words the model may read aloud: no stack, no path of this machine, no key. The words of a
 * `ToolError` were chosen for the model and stay.
 */
export function thrown(
  error: unknown,
  env: Readonly<Record<string, string | undefined>>,
): { code: string; message: string } {
  if (error instanceof ToolError) return { code: error.code, message: shorten(error.message) };
  if (error instanceof VoxtermError) return { code: error.code, message: shorten(error.message) };
  const said = messageOf(error);
  return {
    code: 'tool.failed',
    message: said === '' ? 'The tool failed.' : shorten(veiled(said.slice(0, longestLook), env)),
  };
}

/** An error of another realm, or of a tool's own making, need not be an `Error`; reading it may throw. */
function messageOf(error: unknown): string {
  try {
    if (typeof error === 'string') return error;
    if (typeof error !== 'object' || error === null || !('message' in error)) return '';
    return typeof error.message === 'string' ? error.message : '';
  } catch {
    return '';
  }
}

/** Text of some program, without what looks like a key or a path. */
export function veiled(text: string, env: Readonly<Record<string, string | undefined>>): string {
  let clean = text;
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || value.length < shortestSecret || !secretName.test(name)) continue;
    clean = clean.replaceAll(value, '[secret]');
  }
  return clean
    .replace(/\b(Bearer|Basic)\s+\S+/gi, '$1 [secret]')
    .replace(/\b([a-z][a-z+.-]*:\/\/)[^\s/@'"]+@/gi, '$1') // user:password@host
    .replace(/\b(https?:\/\/[^\s?#'"]*)[?#][^\s'"]*/gi, '$1') // keys travel in queries
    .replace(/\bfile:\/\/[^\s'"]+/g, '[path]')
    .replace(/(^|[\s'"(])(?:\/[^\s'":]+){2,}/g, '$1[path]')
    .replace(/(^|[\s'"(])[A-Za-z]:\\[^\s'"]+/g, '$1[path]');
}

/** One line: a stack that was pasted into a message ends here too. */
function shorten(message: string): string {
  const [line = ''] = message
    .trimStart()
    .slice(0, longestLook)
    .split(/\n\s+at /);
  const flat = line.replace(/\s+/g, ' ').trim();
  return flat.length > longestMessage ? `${flat.slice(0, longestMessage)}…` : flat;
}
