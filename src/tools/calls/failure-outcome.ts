import { Secrets } from '../../base/secrets.js';
import { VoxtermError } from '../../contract/failure.js';
import type { ToolOutcome } from '../../contract/inputs.js';
import type { ToolCall } from '../definition/tool.js';
import { ToolError } from '../definition/tool-error.js';
import { limitText } from './result-text.js';

type Failed = Extract<ToolOutcome, { kind: 'failed' }>;

/** Every failure reaches the model in the same shape, `{"error":{"code","message"}}`. */
export function failed(code: string, message: string, durationMs: number): Failed {
  return { kind: 'failed', code, message, output: JSON.stringify({ error: { code, message } }), durationMs };
}

/** Chooses the message for the model when a call fails. An error that it throws counts as undefined. */
export type ToolErrorFormatter = (failure: {
  readonly toolName: string;
  readonly callId: string;
  /** For example `timeout`, `tool.unknown`, `arguments.invalid`, `rejected`, or a tool's own code. */
  readonly code: string;
  readonly message: string;
}) => string | undefined;

/** The failure with the message that the program chose for the model. The message for the program itself stays. */
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
/**
 * This much of a text is searched for keys, paths and stacks: patterns are slow on a text that was made long on
 * purpose.
 */
export const longestExamined = 4000;
const secretName = /key|token|secret|password|credential/i;

/**
 * The error of a tool as a message that the model may read aloud: no stack, no local path, no key. The message of a
 * `ToolError` was written for the model and stays.
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
    message: said === '' ? 'The tool failed.' : shorten(maskSecrets(said.slice(0, longestExamined), env)),
  };
}

/** A value from another realm, or one that a tool made up, need not be an `Error`; reading it may throw. */
function messageOf(error: unknown): string {
  try {
    if (typeof error === 'string') return error;
    if (typeof error !== 'object' || error === null || !('message' in error)) return '';
    return typeof error.message === 'string' ? error.message : '';
  } catch {
    return '';
  }
}

/** The text without anything that looks like a key or a path. */
export function maskSecrets(text: string, env: Readonly<Record<string, string | undefined>>): string {
  const secrets = Object.entries(env).flatMap(([name, value]) => (secretName.test(name) ? [value] : []));
  return new Secrets(secrets)
    .hide(text)
    .replace(/\b(Bearer|Basic)\s+\S+/gi, '$1 [secret]')
    .replace(/\b([a-z][a-z+.-]*:\/\/)[^\s/@'"]+@/gi, '$1') // user:password@host
    .replace(/\b(https?:\/\/[^\s?#'"]*)[?#][^\s'"]*/gi, '$1') // keys travel in queries
    .replace(/\bfile:\/\/[^\s'"]+/g, '[path]')
    .replace(/(^|[\s'"(])(?:\/[^\s'":]+){2,}/g, '$1[path]')
    .replace(/(^|[\s'"(])[A-Za-z]:\\[^\s'"]+/g, '$1[path]');
}

/** Makes it one line, without a stack that was pasted into the message. */
function shorten(message: string): string {
  const [line = ''] = message
    .trimStart()
    .slice(0, longestExamined)
    .split(/\n\s+at /);
  const flat = line.replace(/\s+/g, ' ').trim();
  return flat.length > longestMessage ? `${flat.slice(0, longestMessage)}…` : flat;
}
