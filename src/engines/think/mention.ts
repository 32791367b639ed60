/** Quotation marks and brackets around a mark that is only talked about. */
const pairs: Readonly<Record<string, string>> = {
  '`': '`',
  '"': '"',
  "'": "'",
  '“': '”',
  '„': '“',
  '‘': '’',
  '«': '»',
  '(': ')',
};

/** Whether a mark behind this letter may be a mention, so that the letter after it has to be known. */
export function mayBeMention(before: string): boolean {
  return before in pairs;
}

/** Whether the letters around a mark quote it: "wrap it in `<think>` tags". */
export function isMention(before: string, after: string | undefined): boolean {
  return after !== undefined && pairs[before] === after;
}
