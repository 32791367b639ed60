/** Words with the white space behind them; concatenated they are the text. */
export function wordsOf(text: string): string[] {
  return text.match(/\S+\s*|\s+/gu) ?? [];
}
