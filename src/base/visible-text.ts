/**
 * Characters without a shape of their own, as the inside of a class with the flag `u`: they hide words from people,
 * turn text around, or make two names look alike. Not among them are the joiners, without which emoji and some scripts
 * break.
 */
export const invisibleClass =
  '\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f' +
  '\\u3164\\ufeff\\uffa0\\ufff0-\\ufffb\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}';

const invisible = new RegExp(`[${invisibleClass}]`, 'gu');
/** Half a character: what is removed between two of them would make them one. */
const halves = /\p{Surrogate}/gu;
const joiner = '(?:\\u200c|\\u200d)';
const selector = '[\\ufe00-\\ufe0f]';
/** Joiners and selectors that join or select nothing: text can be hidden in a long run of them. */
const idle = new RegExp(
  `(^|\\s)(?:${joiner}|${selector})+|(${joiner})${joiner}+|(${selector})${selector}+`,
  'gu',
);

/** The text as people see it. */
export function withoutInvisible(text: string): string {
  return text
    .replace(halves, '\ufffd')
    .replace(invisible, '')
    .replace(idle, (_, space = '', joined = '', selected = '') => `${space}${joined}${selected}`);
}
