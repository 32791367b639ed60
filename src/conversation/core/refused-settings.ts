import { valueAt, withoutValue } from '../../base/object-path.js';
import type { SessionSettings, ToolSpec } from '../../contract/settings.js';

/** What a server says of settings that it does not accept. */
export interface SettingsRefusal {
  readonly message: string;
  /** The provider's own name of the field. */
  readonly param?: string | undefined;
  /** The same in our names: `['turnDetection', 'eagerness']`, `['tools', 3]`, `['format']`. */
  readonly setting?: readonly (string | number)[] | undefined;
}

/** One setting that the server does not accept with this value. */
interface Refused {
  readonly kind: 'voice' | 'tool' | 'setting' | 'format' | 'field';
  readonly path: readonly string[];
  /** JSON of the value: with another one it is worth a try. */
  readonly value: string;
}

/** Settings that are refused one by one must not keep a session from starting. */
const mostRefused = 64;
/** Shorter values occur in any sentence. */
const shortestValue = 3;

/**
 * What the server has refused of the settings. One parameter, one tool or one value costs just itself; the rest is sent
 * again.
 */
export class RefusedSettings {
  private readonly list: Refused[] = [];

  /** Finds what the refusal is about, and leaves it out from now on. Undefined: it names nothing of these settings. */
  add(settings: SessionSettings, refusal: SettingsRefusal): Refused | undefined {
    if (this.list.length >= mostRefused) return undefined;
    const found = culprit(settings, refusal);
    if (found === undefined || this.list.some((one) => isSame(one, found))) return undefined;
    this.list.push(found);
    return found;
  }

  /** The settings without what was refused of them. */
  strip(settings: SessionSettings): SessionSettings {
    return this.list.reduce(without, settings);
  }
}

function isSame(a: Refused, b: Refused): boolean {
  return a.value === b.value && a.path.join('.') === b.path.join('.');
}

function culprit(settings: SessionSettings, refusal: SettingsRefusal): Refused | undefined {
  const { message, param, setting = [] } = refusal;
  const { voice } = settings;
  if (voice !== undefined && (param?.includes('voice') === true || namesVoice(message, voice))) {
    return { kind: 'voice', path: ['voice'], value: JSON.stringify(voice) };
  }
  const tool = toolNamed(settings, refusal);
  if (tool !== undefined) return { kind: 'tool', path: ['tools', tool.name], value: JSON.stringify(tool) };
  const path = setting.map(String);
  if (path[0] === 'format') return { kind: 'format', path, value: '' };
  return (
    refusedTools(settings, path) ??
    refusedAt(settings, path) ??
    quotedValue(settings, message) ??
    ownField(path)
  );
}

/** As a whole value, or as a word of a sentence about voices: `sage` is in `usage`, too. */
function namesVoice(message: string, voice: string): boolean {
  if ([`'${voice}'`, `"${voice}"`, `\`${voice}\``].some((quoted) => message.includes(quoted))) return true;
  return /voice/i.test(message) && message.match(/[\w.:-]+/g)?.includes(voice) === true;
}

/** All of them, from a model that calls none: ours and those of the provider. */
function refusedTools(settings: SessionSettings, path: readonly string[]): Refused | undefined {
  if (path[0] !== 'tools') return undefined;
  const { tools = [], serverTools = [] } = settings;
  const name = tools.length > 0 ? 'tools' : serverTools.length > 0 ? 'serverTools' : undefined;
  if (name === undefined || path.length > 1) return undefined;
  return { kind: 'setting', path: [name], value: JSON.stringify(settings[name]) };
}

/** A field of the provider's own, which only its codec knows and leaves out. */
function ownField([first, ...path]: readonly string[]): Refused | undefined {
  return first === 'extra' && path.length > 0 ? { kind: 'field', path, value: '' } : undefined;
}

/** `'name'`, or `function name`: a tool that is called like an ordinary word is not meant by every sentence with it. */
const naming = /(['"`])([^'"`]+)\1|(?:function|tool)\W+([\w.:/-]*\w)/gi;

/** By its name in the message, or by its place in the list. */
function toolNamed(
  { tools = [] }: SessionSettings,
  { message, setting }: SettingsRefusal,
): ToolSpec | undefined {
  const words = new Set(message.match(/[\w.:/-]+/g)?.map((word) => word.replace(/[.:/-]+$/, '')));
  const meant = new Set([...message.matchAll(naming)].map(([, , quoted, bare]) => quoted ?? bare));
  const named = tools.find(({ name }) => meant.has(name) || (!/^[a-z]+$/i.test(name) && words.has(name)));
  if (named !== undefined || setting?.[0] !== 'tools') return named;
  return typeof setting[1] === 'number' ? tools[setting[1]] : undefined;
}

/** The nearest setting on this path that was asked for. A kind (`turnDetection.type`) is the setting itself. */
function refusedAt(settings: SessionSettings, path: readonly string[]): Refused | undefined {
  if (path[0] === 'tools') return undefined;
  for (let length = path.length; length > 0; length -= 1) {
    const part = path.slice(0, length);
    if (length > 1 && part.at(-1) === 'type') continue;
    const value = valueAt(settings, part);
    if (value === undefined) continue;
    // An own field of the provider that was never sent is not ours to leave out.
    if (part.length === 1 && part[0] === 'extra') return undefined;
    return { kind: 'setting', path: part, value: JSON.stringify(value) };
  }
  return undefined;
}

/** `Invalid value: 'loud'`. */
function quotedValue(settings: SessionSettings, message: string): Refused | undefined {
  const quoted = [...message.matchAll(/(['"`])([^'"`]+)\1/g)].map(([, , text]) => text);
  for (const text of quoted) {
    if (text === undefined || text.length < shortestValue) continue;
    const path = pathOf(settings, text);
    const found = path === undefined ? undefined : refusedAt(settings, path);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where a text stands in the settings. Instructions and tools are prose: they hold any word. */
function pathOf(value: unknown, text: string, above: readonly string[] = []): readonly string[] | undefined {
  if (value === text) return above;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    if (above.length === 0 && (key === 'instructions' || key === 'tools')) continue;
    const path = pathOf(inner, text, [...above, key]);
    if (path !== undefined) return path;
  }
  return undefined;
}

function without(settings: SessionSettings, refused: Refused): SessionSettings {
  const { kind, path, value } = refused;
  if (kind === 'tool') return withoutTool(settings, path[1] ?? '', value);
  if (kind === 'field' || kind === 'format') return settings;
  return withoutValue({ ...settings }, path, value);
}

function withoutTool(settings: SessionSettings, name: string, json: string): SessionSettings {
  const { tools, toolChoice, ...rest } = settings;
  if (tools?.some((tool) => tool.name === name && JSON.stringify(tool) === json) !== true) return settings;
  const chosen = typeof toolChoice === 'object' && toolChoice.name === name;
  return {
    ...rest,
    tools: tools.filter((tool) => tool.name !== name),
    ...(toolChoice !== undefined && !chosen && { toolChoice }),
  };
}
