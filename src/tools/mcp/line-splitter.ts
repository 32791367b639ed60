/** Longer messages count as an error: nothing that a person could listen to comes close. */
export const longestMessageBytes = 16 * 1024 * 1024;

const lineFeed = 0x0a;

/** Splits bytes into lines, and keeps an unfinished line until its end arrives. */
export class LineSplitter {
  private parts: Uint8Array[] = [];
  private bytes = 0;

  constructor(
    private readonly onLine: (line: string) => void,
    /** Longer lines are dropped; this is called once for each. */
    private readonly onTooLong: () => void,
    private readonly longestBytes = longestMessageBytes,
  ) {}

  push(chunk: Uint8Array): void {
    let rest = chunk;
    for (let end = rest.indexOf(lineFeed); end >= 0; end = rest.indexOf(lineFeed)) {
      this.add(rest.subarray(0, end));
      const line = this.bytes > this.longestBytes ? undefined : Buffer.concat(this.parts).toString('utf8');
      this.parts = [];
      this.bytes = 0;
      rest = rest.subarray(end + 1);
      if (line !== undefined) this.onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    }
    this.add(rest);
  }

  private add(part: Uint8Array): void {
    const before = this.bytes;
    this.bytes += part.length;
    if (this.bytes <= this.longestBytes) this.parts.push(part);
    else {
      this.parts = [];
      if (before <= this.longestBytes) this.onTooLong();
    }
  }
}
