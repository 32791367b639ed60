/**
 * Levels of objects and arrays within each other. Arguments of tools have a few, and what reads them may be recursive.
 */
const mostLevels = 256;

/**
 * Whether a JSON text is nested more deeply than {@link mostLevels}. Engines differ in what overflows their stack: what
 * one version of Node refuses, the next one passes on.
 */
export function isNestedTooDeeply(json: string): boolean {
  let levels = 0;
  let isText = false;
  for (let at = 0; at < json.length; at += 1) {
    const letter = json.charCodeAt(at);
    if (isText) {
      if (letter === backslash) at += 1;
      else if (letter === quote) isText = false;
    } else if (letter === quote) isText = true;
    else if (letter === openBrace || letter === openBracket) levels += 1;
    else if (letter === closeBrace || letter === closeBracket) levels -= 1;
    if (levels > mostLevels) return true;
  }
  return false;
}

const [quote, backslash] = [0x22, 0x5c];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];
