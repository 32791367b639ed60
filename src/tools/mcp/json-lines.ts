/** A value that is written over more lines than this is not a message. */
const mostLines = 5000;

/** Reads one JSON value for each line, or for several where a server writes it with line breaks. */
export class JsonLines {
  private open: string[] = [];

  /** @param onForeign gets each line that is not JSON. */
  constructor(private readonly onForeign: (line: string) => void) {}

  /** The value that ends with this line; undefined if there is none. */
  push(line: string): unknown {
    const value = parsed(line);
    if (this.open.length > 0) return this.continued(line, value);
    if (typeof value === 'object' && value !== null) return value;
    // A value written over several lines opens with a bracket alone.
    if (/^[[{]\s*$/.test(line)) this.open = [line];
    else this.onForeign(line);
    return undefined;
  }

  private continued(line: string, value: unknown): unknown {
    const { open } = this;
    if (isMessage(value)) {
      // A message of its own: what came before was not the beginning of one.
      this.giveUp();
      return value;
    }
    open.push(line);
    if (/^[\]}]\s*$/.test(line)) {
      const whole = parsed(open.join('\n'));
      if (whole === undefined) this.giveUp();
      this.open = [];
      return whole;
    }
    if (open.length > mostLines) this.giveUp();
    return undefined;
  }

  private giveUp(): void {
    for (const each of this.open) this.onForeign(each);
    this.open = [];
  }
}

function isMessage(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('jsonrpc' in value || 'id' in value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
