import { readFile } from 'node:fs/promises';
import {
  findNodeAtLocation,
  type JSONPath,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import type { z } from 'zod';
import { nearestName } from '../../base/nearest-name.js';
import { decodeText, saveAsUtf8 } from '../../base/text-file.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import { type Scenario, type ScenarioInput, scenarioSchema } from './scenario-schema.js';

const documentation = 'docs/scenarios.md explains every key.';

/** @throws VoxtermError exit 2 with line and column when the file cannot be read or is not a scenario. */
export async function loadScenario(path: string): Promise<Scenario> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const message = missing
      ? `There is no scenario file ${path}.`
      : `The scenario file ${path} cannot be read.`;
    throw invalid(message, 'Give a JSON file. Examples are in examples/scenarios/.', error);
  }
  const decoded = decodeText(bytes);
  if ('problem' in decoded) throw invalid(`The scenario file ${path} ${decoded.problem}.`, saveAsUtf8);
  return parseScenario(decoded.text, path);
}

/**
 * Reads JSON with comments and trailing commas.
 * @throws VoxtermError exit 2, see {@link loadScenario}.
 */
export function parseScenario(text: string, path: string): Scenario {
  const errors: ParseError[] = [];
  const tree = treeOf(text, errors, path);
  const [broken] = errors;
  if (broken !== undefined || tree === undefined) {
    const empty = broken === undefined || text.trim() === '';
    const what = empty ? 'the file is empty' : spoken(printParseErrorCode(broken.error));
    throw invalid(`${at(path, text, broken?.offset ?? 0)}: this is not JSON: ${what}.`, documentation);
  }
  if (isDeeperThan(deepestLevel, tree)) throw tooDeep(path);
  const twice = repeatedKey(tree);
  if (twice !== undefined) {
    const key = JSON.stringify(twice.value);
    throw invalid(
      `${at(path, text, twice.offset)}: the key ${key} stands there twice.`,
      `Keep one of them. ${documentation}`,
    );
  }
  const read = scenarioSchema.safeParse(plainValue(tree));
  if (read.success) return read.data;
  const issue = deepest(read.error.issues);
  const { message, hint } = explain(issue);
  throw invalid(`${at(path, text, offsetOf(tree, issue))}: ${message}`, `${hint}${documentation}`);
}

/**
 * For scenarios that a program writes.
 * @throws VoxtermError exit 2 with the path of what is wrong.
 */
export function checkScenario(scenario: ScenarioInput): Scenario {
  const read = scenarioSchema.safeParse(scenario);
  if (read.success) return read.data;
  const issue = deepest(read.error.issues);
  const { message, hint } = explain(issue);
  throw invalid(`${['scenario', ...issue.path].join('.')}: ${message}`, `${hint}${documentation}`);
}

function treeOf(text: string, errors: ParseError[], path: string): Node | undefined {
  try {
    return parseTree(text, errors, { allowTrailingComma: true });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // The parser's recursion has used up the stack.
    throw tooDeep(path);
  }
}

/**
 * Far more than a scenario needs; arguments of tools may be nested. In the parser's tree, a level of an object is two.
 */
const deepestLevel = 200;

function isDeeperThan(levels: number, node: Node): boolean {
  if (levels === 0) return true;
  return (node.children ?? []).some((child) => isDeeperThan(levels - 1, child));
}

function tooDeep(path: string): VoxtermError {
  return invalid(`${path}:1:1: the file is nested too deeply.`, documentation);
}

/** The second of two keys of one name in an object. */
function repeatedKey(node: Node): Node | undefined {
  const seen = new Set<unknown>();
  for (const child of node.children ?? []) {
    const key = node.type === 'object' ? child.children?.[0] : undefined;
    if (key !== undefined && seen.has(key.value)) return key;
    seen.add(key?.value);
    const within = repeatedKey(child);
    if (within !== undefined) return within;
  }
  return undefined;
}

/** `getNodeValue` of jsonc-parser lets `__proto__` in a file set the prototype; this keeps it a plain key. */
function plainValue(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(plainValue);
  if (node.type !== 'object') return node.value;
  const object: Record<string, unknown> = {};
  for (const { children } of node.children ?? []) {
    const [key, value] = children ?? [];
    if (key !== undefined && value !== undefined) {
      Object.defineProperty(object, String(key.value), { value: plainValue(value), enumerable: true });
    }
  }
  return object;
}

type Issue = z.core.$ZodIssue;

/** Descends into the branch of a union that read furthest, so that the position is where the mistake is. */
function deepest(issues: readonly Issue[]): Issue {
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  if (issue === undefined) throw new Error('a failed parse has at least one issue');
  if (issue.code !== 'invalid_union') return issue;
  const nested = issue.errors.flat().find(({ path }) => path.length > 0);
  return nested === undefined ? issue : deepest([{ ...nested, path: [...issue.path, ...nested.path] }]);
}

function explain(issue: Issue): { message: string; hint: string } {
  const where = issue.path.length === 0 ? 'the scenario' : `"${issue.path.join('.')}"`;
  switch (issue.code) {
    case 'unrecognized_keys': {
      const key = issue.keys[0] ?? '';
      const nearest = nearestName(key, keysAt(issue.path));
      const hint = nearest === undefined ? '' : `Did you mean "${nearest}"? `;
      return { message: `unknown key "${key}".`, hint };
    }
    case 'invalid_value':
      return {
        message: `${where} has a value that is not allowed.`,
        hint: `Allowed: ${issue.values.join(', ')}. `,
      };
    case 'invalid_type':
      return {
        message: `${where} ${/undefined/.test(issue.message) ? 'is missing' : 'has the wrong type'}.`,
        hint: `It must be ${issue.expected === 'int' ? 'a whole number' : `of type ${issue.expected}`}. `,
      };
    case 'too_small':
      return { message: `${where} is too small.`, hint: `The minimum is ${String(issue.minimum)}. ` };
    case 'too_big':
      return { message: `${where} is too big.`, hint: `The maximum is ${String(issue.maximum)}. ` };
    case 'invalid_union':
      return { message: `${where} has a value that is not allowed.`, hint: '' };
    default:
      return { message: `${where}: ${issue.message}.`, hint: '' };
  }
}

/** The keys an object at this path may have. */
function keysAt(path: readonly PropertyKey[]): readonly string[] {
  const names = path.filter((key) => typeof key === 'string');
  const last = names.at(-1);
  const shape = scenarioSchema.shape;
  if (last === undefined) return Object.keys(shape);
  const turn = shape.turns.element.shape;
  const faults = turn.faults.unwrap().shape;
  switch (last) {
    case 'turns':
      return Object.keys(turn);
    case 'afterTool':
    case 'otherwise':
      return Object.keys(turn).filter((key) => key !== 'when' && key !== 'heard');
    case 'tool':
    case 'tools':
      return Object.keys(turn.tool.unwrap().shape);
    case 'faults':
      return Object.keys(faults);
    case 'stall':
    case 'garbage':
    case 'error':
    case 'close':
      return Object.keys(faults[last].unwrap().shape);
    default:
      return [];
  }
}

function offsetOf(tree: Node, issue: Issue): number {
  const path: JSONPath = issue.path.filter((key) => typeof key !== 'symbol');
  const node = nearestNode(tree, path);
  if (issue.code !== 'unrecognized_keys') return node.offset;
  const property = (node.children ?? []).find(({ children }) => children?.[0]?.value === issue.keys[0]);
  return property?.offset ?? node.offset;
}

/** A missing key has no position; its object does. */
function nearestNode(tree: Node, path: JSONPath): Node {
  for (let length = path.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(tree, path.slice(0, length));
    if (node !== undefined) return node;
  }
  return tree;
}

function at(path: string, text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${path}:${before.length}:${(before.at(-1) ?? '').length + 1}`;
}

/** `PropertyNameExpected` → property name expected */
function spoken(code: string): string {
  return code.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}

function invalid(message: string, hint: string, cause?: unknown): VoxtermError {
  return new VoxtermError(message, { code: 'scenario.invalid', exitCode: ExitCode.usage, hint, cause });
}
