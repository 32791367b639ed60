/** Speaking takes about this long per character: 15 characters a second. */
const msPerCharacter = 65;

/** The whole words of `text` that were over when `heardMs` of its `soundMs` had been heard. */
export function heardWords(text: string, heardMs: number, soundMs: number, complete: boolean): string {
  if (heardMs <= 0 || soundMs <= 0) return '';
  if (complete && heardMs >= soundMs) return text;
  const share = (text.length * Math.min(heardMs, soundMs)) / soundMs;
  // While the answer goes on, its text is ahead of its sound.
  const characters = complete ? share : Math.min(share, heardMs / msPerCharacter);
  return text.slice(0, endOfLastWord(text, characters));
}

function endOfLastWord(text: string, characters: number): number {
  let end = 0;
  for (const { 0: word, index } of text.matchAll(/\S+/gu)) {
    if (index + word.length > characters) break;
    end = index + word.length;
  }
  return end;
}
