import { type Node, type ParseError, parseTree } from 'jsonc-parser';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { Path } from '../layer.js';
import { jsonMistake } from './json-mistake.js';

/** A parsed file: its value, and the position of everything in it. */
export interface Jsonc {
  readonly value: unknown;
  /** `line:column`, from 1, of the value at this path or of its key; of its parent if it is missing. */
  positionOf(path: Path, place: 'key' | 'value'): string;
}

/**
 * Parses JSON with comments and trailing commas. Objects have no prototype, so keys such as `__proto__` are plain data.
 * @throws VoxtermError exit 3 with file, line and column of the first mistake; a duplicate key is a mistake, too.
 */
export function parseJsonc(text: string, file: string): Jsonc {
  const fail = (offset: number, problem: string, hint: string) =>
    new VoxtermError(`${file}:${position(text, offset)}: ${problem}`, {
      code: 'config.syntax',
      exitCode: ExitCode.configuration,
      hint,
    });
  const errors: ParseError[] = [];
  const root = tree(text, errors);
  if (root === 'too deep') throw fail(0, tooDeep.problem, tooDeep.hint);
  const [error] = errors;
  if (root === undefined || error !== undefined) {
    const { offset, problem, hint } = jsonMistake(text, error);
    throw fail(offset, problem, hint);
  }
  if (isDeeperThan(deepestLevel, root)) throw fail(0, tooDeep.problem, tooDeep.hint);
  const value = plain(root, (node, problem, hint) => {
    throw fail(node.offset, problem, hint);
  });
  return {
    value,
    positionOf: (path, place) => position(text, nodeAt(root, path, place).offset),
  };
}

const tooDeep = { problem: 'The file is nested too deeply.', hint: 'Four levels are enough.' };

/** Far more than a configuration needs; schemas of parameters are nested. In the tree, a level of an object is two. */
const deepestLevel = 200;

function isDeeperThan(levels: number, node: Node): boolean {
  if (levels === 0) return true;
  return (node.children ?? []).some((child) => isDeeperThan(levels - 1, child));
}

function tree(text: string, errors: ParseError[]): Node | undefined | 'too deep' {
  try {
    return parseTree(text, errors, { allowTrailingComma: true });
  } catch (error) {
    if (error instanceof RangeError) return 'too deep'; // the parser's recursion has used up the stack
    throw error;
  }
}

type Refuse = (node: Node, problem: string, hint: string) => never;

function plain(node: Node, refuse: Refuse): unknown {
  switch (node.type) {
    case 'object': {
      const object: Record<string, unknown> = Object.create(null);
      for (const property of node.children ?? []) {
        const [name, value] = property.children ?? [];
        if (name === undefined || value === undefined) continue;
        const key = String(name.value);
        if (key in object)
          refuse(name, `The key ${JSON.stringify(key)} stands there twice.`, 'Keep one of them.');
        if (key === '__proto__') refuse(name, '"__proto__" is not a setting.', 'Remove it.');
        object[key] = plain(value, refuse);
      }
      return object;
    }
    case 'array':
      return (node.children ?? []).map((child) => plain(child, refuse));
    default:
      return node.value;
  }
}

/** The node at a path, or the nearest one above it. */
function nodeAt(root: Node, path: Path, place: 'key' | 'value'): Node {
  let node = root;
  for (const [depth, step] of path.entries()) {
    if (typeof step === 'number') {
      const child = node.type === 'array' ? node.children?.[step] : undefined;
      if (child === undefined) return node;
      node = child;
      continue;
    }
    const properties = node.type === 'object' ? node.children : undefined;
    const [key, value] =
      properties?.find((property) => property.children?.[0]?.value === step)?.children ?? [];
    if (key === undefined || value === undefined) return node;
    if (place === 'key' && depth === path.length - 1) return key;
    node = value;
  }
  return node;
}

function position(text: string, offset: number): string {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}
