import { isObject, type JsonObject } from '../../base/json.js';
import type { ThinkRequest } from '../core/stages.js';
import { asObject } from './call-arguments.js';
import { toolNamed } from './call-name.js';
import type { ChatCall } from './chat-calls.js';
import type { ChatStream } from './chat-stream.js';

/** A call that came as text, in the markup of the model's own chat template. */
export interface LeakedCall {
  readonly name: string;
  readonly arguments: string;
}

/** Texts of calls in an answer, and in the thoughts before it. */
interface CallTexts {
  readonly calls: readonly string[];
  readonly thoughtCalls: readonly string[];
}

/** Calls in the markup of the model, which the server should have recognised. `found`: there were some, read or not. */
export function leakedCalls(
  filter: CallTexts | undefined,
  said: string,
  stream: ChatStream,
  { tools }: Pick<ThinkRequest, 'tools'>,
): { readonly found: boolean; readonly calls: readonly ChatCall[] } {
  if (filter === undefined || stream.calls.length > 0) return { found: false, calls: [] };
  // A model that calls while it thinks has forgotten to close its thoughts.
  const meant = filter.calls.length > 0 || said !== '' ? filter.calls : filter.thoughtCalls;
  // Results that the model made up are not calls.
  const spans = meant.filter((span) => !/^<[^>]*(?:response|result|output)/i.test(span));
  const offered = tools.map(({ name }) => name);
  const calls = spans.flatMap((span) => callsIn(span, offered));
  return {
    found: spans.length > 0,
    calls: calls.map((call) => ({ ...call, id: undefined, arguments: asObject(call.arguments) })),
  };
}

/**
 * The calls in such a text, of offered tools only: JSON with name and arguments, a name before JSON, XML with
 * parameters, or Python. Empty where none can be read.
 */
export function callsIn(text: string, offered: readonly string[]): LeakedCall[] {
  // <|"|> are the quotation marks of Gemma.
  const plain = text.replaceAll('<|"|>', '"');
  for (const read of [fromJson, fromXml, fromGemma, fromPython, fromName]) {
    const calls = read(plain, offered);
    if (calls.length > 0) return calls;
  }
  return [];
}

/** Whether an answer without markup is nothing but calls. */
export function looksLikeCall(text: string, offered: readonly string[]): boolean {
  const bare = text
    .trim()
    .replace(/^```\w*\s*|\s*```$/g, '')
    .trim();
  if (/^\s*```tool_/.test(text)) return callsIn(bare, offered).length > 0;
  if (offered.length === 0 || !/^(?:\{.*\}|\[.*\]|functools\s*\[.*\])$/s.test(bare)) return false;
  const isPython = bare.startsWith('[') && !/^\[\s*\{/.test(bare);
  return (isPython ? fromPython(bare, offered) : fromJson(bare, offered, true)).length > 0;
}

/** `{"name", "arguments"}` and its relatives; or `get_time … {"place": "Rome"}`. */
function fromJson(text: string, offered: readonly string[], named = false): LeakedCall[] {
  const calls: LeakedCall[] = [];
  let before = 0;
  for (const { value, from, to } of jsonIn(text)) {
    const values = Array.isArray(value) ? value : [value];
    const found = values.flatMap((one) => callOf(one, offered));
    const [first] = values;
    if (found.length > 0) calls.push(...found);
    else if (!named && isObject(first) && values.length === 1) {
      const name = lastName(text.slice(before, from), offered);
      if (name !== undefined) calls.push({ name, arguments: JSON.stringify(first) });
    }
    before = to;
  }
  return calls;
}

function callOf(value: unknown, offered: readonly string[]): LeakedCall[] {
  if (!isObject(value)) return [];
  if (isObject(value.function)) return callOf(value.function, offered);
  const written = [value.name, value.tool_name, value.function, value.tool, value.recipient_name].find(
    (name): name is string => typeof name === 'string',
  );
  const name = offeredName(written, offered);
  if (name === undefined) return keyedCall(value, offered);
  const args = [value.arguments, value.parameters, value.args, value.input, value.tool_input].find(
    (one) => one !== undefined,
  );
  if (typeof args === 'string') return [{ name, arguments: args }];
  return [{ name, arguments: isObject(args) ? JSON.stringify(args) : '{}' }];
}

/** `{"get_time": {"place": "Rome"}}` of Apertus. */
function keyedCall(value: JsonObject, offered: readonly string[]): LeakedCall[] {
  const [[key, args] = [], ...more] = Object.entries(value);
  const isCall = key !== undefined && offered.includes(key) && isObject(args) && more.length === 0;
  return isCall ? [{ name: key, arguments: JSON.stringify(args) }] : [];
}

/** `<function=x><parameter=y>1</parameter>`, `<invoke name="x"><parameter name="y">`, `x <arg_key>y</arg_key> …`. */
function fromXml(text: string, offered: readonly string[]): LeakedCall[] {
  const blocks = text
    .split(/<(?:[|｜]DSML[|｜])?(?:\w+:)?(?:function\s*=\s*|(?:invoke|function)\s+name\s*=\s*)/)
    .slice(1);
  const calls = blocks.flatMap((block) => {
    const [, written, rest = ''] = /^["']?([\w.:-]+)["']?[^>]*>(.*)$/s.exec(block) ?? [];
    const name = offeredName(written, offered);
    return name === undefined ? [] : [{ name, arguments: JSON.stringify(parametersIn(rest)) }];
  });
  if (calls.length > 0) return calls;
  return text.split(/<(?:longcat_)?tool_call>/).flatMap((block) => {
    const [, written] = /^\s*([\w.:-]+)\s*<(?:longcat_)?arg_key>/.exec(block) ?? [];
    const name = offeredName(written, offered);
    return name === undefined ? [] : [{ name, arguments: JSON.stringify(pairsIn(block)) }];
  });
}

const parameter =
  /<(?:[|｜]DSML[|｜])?parameter(?:\s*=\s*|\s+name\s*=\s*)["']?([\w.-]+)["']?[^>]*>(.*?)<\/(?:[|｜]DSML[|｜])?parameter>/gs;
const pair =
  /<(?:longcat_)?arg_key>(.*?)<\/(?:longcat_)?arg_key>\s*<(?:longcat_)?arg_value>(.*?)<\/(?:longcat_)?arg_value>/gs;

function parametersIn(text: string): JsonObject {
  return Object.fromEntries(
    [...text.matchAll(parameter)].map(([, key = '', value = '']) => [key, readValue(value)]),
  );
}

function pairsIn(text: string): JsonObject {
  return Object.fromEntries(
    [...text.matchAll(pair)].map(([, key = '', value = '']) => [key.trim(), readValue(value)]),
  );
}

/** `call:get_time{place:"Rome"}` */
function fromGemma(text: string, offered: readonly string[]): LeakedCall[] {
  return [...text.matchAll(/call:([\w.-]+)(\{.*?\})(?=<|\s*$)/gs)].flatMap(([, written, args = '']) => {
    const name = offeredName(written, offered);
    const quoted = args.replaceAll(/([{,]\s*)([A-Za-z_]\w*)\s*:/g, '$1"$2":');
    return name === undefined || !isObject(parsed(quoted)) ? [] : [{ name, arguments: quoted }];
  });
}

/** `[get_time(place="Rome")]` */
function fromPython(text: string, offered: readonly string[]): LeakedCall[] {
  return [...text.matchAll(/([A-Za-z_][\w.]*)\(((?:[^()"']|"[^"]*"|'[^']*')*)\)/g)].flatMap(
    ([, written, args = '']) => {
      const name = offeredName(written === 'print' ? undefined : written, offered);
      if (name === undefined) return [];
      const fields = [...args.matchAll(/([A-Za-z_]\w*)\s*=\s*("[^"]*"|'[^']*'|[^,]+)/g)];
      const values = fields.map(([, key = '', value = '']) => [key, pythonValue(value.trim())]);
      return [{ name, arguments: JSON.stringify(Object.fromEntries(values)) }];
    },
  );
}

/** A tool without parameters. */
function fromName(text: string, offered: readonly string[]): LeakedCall[] {
  const name = offeredName(text.replaceAll(/<[^<>]*>|\[\/?[A-Z_]+\]/g, ' ').trim(), offered);
  return name === undefined ? [] : [{ name, arguments: '{}' }];
}

function offeredName(written: string | undefined, offered: readonly string[]): string | undefined {
  if (written === undefined) return undefined;
  const name = toolNamed(written, offered);
  return offered.includes(name) ? name : undefined;
}

/** The offered tool that is named last. */
function lastName(text: string, offered: readonly string[]): string | undefined {
  const words = text.split(/[^\p{L}\p{N}_.:-]+/u).filter((word) => word !== '');
  return words.reverse().flatMap((word) => offeredName(word.replace(/^to=/, ''), offered) ?? [])[0];
}

function pythonValue(text: string): unknown {
  if (/^'.*'$/s.test(text)) return text.slice(1, -1);
  const words: Readonly<Record<string, unknown>> = { True: true, False: false, None: null };
  return text in words ? words[text] : readValue(text);
}

/** Numbers, booleans, lists and objects are written as JSON; text as it is. */
function readValue(text: string): unknown {
  const trimmed = text.trim();
  const value = parsed(trimmed);
  return value === undefined ? trimmed : value;
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

interface Found {
  readonly value: unknown;
  readonly from: number;
  readonly to: number;
}

/** Brackets that are tried; a text full of open ones must not cost its length squared. */
const mostTries = 200;

/** Objects and lists in a text, outermost first. Brackets that are not JSON are passed over. */
function* jsonIn(text: string): Generator<Found, void> {
  let tries = 0;
  for (let from = 0; from < text.length && tries < mostTries; from += 1) {
    if (text[from] !== '{' && text[from] !== '[') continue;
    tries += 1;
    const to = closingOf(text, from);
    if (to === undefined) continue;
    const value = parsed(text.slice(from, to));
    if (value === undefined) continue;
    yield { value, from, to };
    from = to - 1;
  }
}

/** Where the bracket at `from` is closed, in JSON. */
function closingOf(text: string, from: number): number | undefined {
  let depth = 0;
  let inText = false;
  for (let at = from; at < text.length; at += 1) {
    const letter = text[at];
    if (inText) {
      if (letter === '\\') at += 1;
      else if (letter === '"') inText = false;
    } else if (letter === '"') inText = true;
    else if (letter === '{' || letter === '[') depth += 1;
    else if (letter === '}' || letter === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}
