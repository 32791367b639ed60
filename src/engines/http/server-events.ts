/** Longest accepted line, so that a server that never ends one does not fill the memory. */
const mostLineLetters = 1024 * 1024;

/**
 * The `data` of server-sent events, as in WHATWG's living standard: any line ending, comments, other fields, several
 * data lines per event, and bytes cut anywhere. Data without an empty line after it counts too: some servers end
 * without one.
 */
export async function* eventData(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  let data: string[] = [];
  for await (const line of lines(bytes)) {
    if (line === '') {
      if (data.length > 0) yield data.join('\n');
      data = [];
    } else if (line.startsWith('data')) {
      const [, value] = /^data(?:: ?(.*))?$/su.exec(line) ?? [];
      if (/^data(:|$)/.test(line)) data.push(value ?? '');
    }
  }
  if (data.length > 0) yield data.join('\n');
}

async function* lines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  // Removes a byte order mark, and keeps letters whole that two chunks share.
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of bytes) {
    rest += decoder.decode(chunk, { stream: true });
    // A carriage return at the very end may be the first half of a line ending.
    const parts = rest.split(/\r\n|\n|\r(?!$)/);
    rest = parts.pop() ?? '';
    yield* parts;
    if (rest.length > mostLineLetters) throw new RangeError('a line of more than a million letters');
  }
  rest += decoder.decode();
  if (rest !== '') yield* rest.split(/\r\n|\n|\r/);
}
