import { isObject } from '../../base/json.js';
import type { JsonSchema } from '../definition/tool.js';

const keyword = 'x-mcp-header';
/** A token of RFC 9110. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const types: readonly unknown[] = ['string', 'integer', 'boolean'];
/** Values in a schema, which may look like anything. */
const notSchemas = new Set(['default', 'const', 'enum', 'examples', 'example', 'required']);

/**
 * Checks the `x-mcp-header` of a schema: revision 2026-07-28 lets a tool have arguments sent as HTTP headers, too, and
 * wants tools left out that ask for it wrongly.
 * @throws Error whose message says what is wrong.
 */
export function requireHeaders(schema: JsonSchema): void {
  const names = new Set<string>();
  const check = (part: JsonSchema): void => {
    const name = part[keyword];
    if (typeof name !== 'string' || !token.test(name)) throw wrong('is not the name of a header');
    if (!types.includes(part.type)) throw wrong('is for texts, integers and booleans only');
    if (names.has(name.toLowerCase())) throw wrong('names a header twice');
    names.add(name.toLowerCase());
  };
  const visit = (part: unknown, isArgument: boolean, isTop = false): void => {
    if (Array.isArray(part)) for (const each of part) visit(each, false);
    if (!isObject(part)) return;
    if (keyword in part) {
      if (!isArgument || isTop) throw wrong('is for arguments only');
      check(part);
    }
    for (const [key, inner] of Object.entries(part)) {
      if (key === 'properties' && isObject(inner)) {
        for (const each of Object.values(inner)) visit(each, isArgument);
      } else if (!notSchemas.has(key)) visit(inner, false);
    }
  };
  visit(schema, true, true);
}

function wrong(what: string): Error {
  return new Error(`the ${keyword} in its schema ${what}`);
}
