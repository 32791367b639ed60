import { Secrets } from '../../src/base/secrets.js';
import { cleanText } from '../../src/terminal/text/clean-text.js';
import type { Random } from '../../src/testing/contract/random.js';
import type { FuzzTarget } from '../fuzzing/target.js';

const key = 'sk-Planted/Key+0123_4567';
const secrets = new Secrets([key]);

/** One character of the key in one of the ways in which a server can write it. */
function written(character: string, random: Random): string {
  const code = character.charCodeAt(0);
  const hex = code.toString(16).padStart(2, '0');
  return random.pick([
    character,
    character,
    `\\u00${random.below(2) === 0 ? hex : hex.toUpperCase()}`,
    /\w/.test(character) ? character : `\\${character === '/' ? '/' : `u00${hex}`}`,
  ]);
}

export const target: FuzzTarget = {
  about: 'keys in what a server says: none is left when it is read as JSON and shown',
  attempt(random) {
    const gap = random.pick(['', '', '\u200b', '\u2060', '\\u200b', '\ufeff', '\u{e0041}', '\\u0007']);
    const spelled = [...key].map((character) => written(character, random)).join(gap);
    const filler = () => JSON.stringify(random.text(6)).slice(1, -1);
    const inner = random.below(3) === 0 ? JSON.stringify(`{"a":"${spelled}"}`).slice(1, -1) : spelled;
    const text = `{"${filler()}":{"message":"${filler()}${inner}${filler()}","${inner}":1}}`;
    return {
      shown: text,
      run: () => {
        const clean = secrets.hide(text);
        for (const string of stringsIn(JSON.parse(clean))) {
          const shown = cleanText(string);
          if (shown.includes(key) || decoded(shown).includes(key))
            throw new Error(`the key is in ${JSON.stringify(shown)}`);
        }
      },
    };
  },
};

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([k, v]) => [k, ...stringsIn(v)])
    : [];
}

/** A message that is JSON itself. */
function decoded(text: string): string {
  const begin = text.indexOf('{"a":');
  try {
    return cleanText(String(JSON.parse(text.slice(begin, text.lastIndexOf('}') + 1)).a));
  } catch {
    return '';
  }
}
