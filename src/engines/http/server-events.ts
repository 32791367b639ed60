/** Longest accepted line, so that a server that never ends one does not fill the memory. */
const mostLineLetters = 1024 * 1024;

/** One event of a stream. */
export interface ServerEvent {
  /** The event's own name, where it has one: `error`. */
  readonly name: string | undefined;
  readonly data: string;
  /** It did not come as an event: JSON on its own lines (NDJSON, or a whole answer), or a line of plain text. */
  readonly bare: boolean;
}

/**
 * Server-sent events, as in WHATWG's living standard: any line ending, comments, other fields, several data lines per
 * event, and bytes cut anywhere. Servers that call themselves compatible differ, so these count too: data without an
 * empty line after it, JSON without `data:`, and a whole answer, whatever the content type says.
 */
export async function* serverEvents(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent, void> {
  const reader = new EventReader();
  for await (const line of lines(bytes)) yield* reader.take(line);
  yield* reader.end();
}

/** The `data` of server-sent events. */
export async function* eventData(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  for await (const { data, bare } of serverEvents(bytes)) if (!bare) yield data;
}

const field = /^(data|event|id|retry)(?:: ?(.*))?$/su;

class EventReader {
  private data: string[] = [];
  private letters = 0;
  private name: string | undefined;
  /** The name of the event after the pending one, where no empty line is between them. */
  private nextName: string | undefined;
  /** JSON on several lines, so far. */
  private json = '';

  *take(line: string): Generator<ServerEvent, void> {
    const [, key, value = ''] = field.exec(line) ?? [];
    if (this.json !== '') {
      if (key === undefined && !line.startsWith(':')) {
        yield* this.goOn(line);
        return;
      }
      yield* this.bare();
    }
    if (line === '') yield* this.close();
    else if (key === 'data') {
      if (this.isComplete()) yield* this.flush();
      // Some gateways write the field twice.
      this.data.push(value.replace(/^(?:data: ?)+(?=[{[])/, ''));
      this.letters += value.length;
      if (this.letters > mostLineLetters) throw tooLong();
    } else if (key === 'event') {
      if (this.data.length > 0) this.nextName = value;
      else this.name = value;
    } else if (key === undefined && !line.startsWith(':')) {
      // Inside an event it is a field that is not known.
      if (this.data.length > 0 && !this.isComplete()) return;
      yield* this.flush();
      this.json = line;
      if (!/^\s*[[{]/.test(line) || isWhole(line)) yield* this.bare();
    }
  }

  /** The pending data is an event, although no empty line says so. */
  private isComplete(): boolean {
    return /[\]}]\s*$/.test(this.data.at(-1) ?? '') && isWhole(this.data.join('\n'));
  }

  *end(): Generator<ServerEvent, void> {
    yield* this.bare();
    yield* this.close();
  }

  private *goOn(line: string): Generator<ServerEvent, void> {
    this.json += `\n${line}`;
    // Only a line that may be its last one is worth parsing.
    if (/^[\]}]/.test(line) && isWhole(this.json)) yield* this.bare();
    else if (this.json.length > mostLineLetters) throw tooLong();
  }

  private *bare(): Generator<ServerEvent, void> {
    const { json } = this;
    this.json = '';
    if (json.trim() !== '') yield { name: undefined, data: json, bare: true };
  }

  /** The end of an event: a name behind its data is its own. */
  private *close(): Generator<ServerEvent, void> {
    this.name = this.nextName ?? this.name;
    this.nextName = undefined;
    yield* this.flush();
    this.name = undefined;
  }

  private *flush(): Generator<ServerEvent, void> {
    const { data, name } = this;
    this.data = [];
    this.letters = 0;
    if (data.length === 0) return;
    this.name = this.nextName;
    this.nextName = undefined;
    yield { name, data: data.join('\n'), bare: false };
  }
}

/** A line that is complete in itself, so that the next one is not its continuation. */
function isWhole(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed === '[DONE]') return true;
  if (!/^[[{].*[\]}]$/s.test(trimmed)) return false;
  try {
    JSON.parse(trimmed);
    return true;
  } catch {
    return false;
  }
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
    if (rest.length > mostLineLetters) throw tooLong();
  }
  rest += decoder.decode();
  if (rest !== '') yield* rest.split(/\r\n|\n|\r/);
}

function tooLong(): RangeError {
  return new RangeError('a line of more than a million letters');
}
