const nothing = new Uint8Array(0);
/** Headers are shorter than this, unless they hold pictures. */
const mostKeptBytes = 1024 * 1024;

/**
 * Reads a stream of bytes by count. Holds one chunk plus what was peeked, whatever the stream's length; a count that
 * comes from the stream itself must go to `skip`, never to `read`.
 */
export class ByteReader {
  private rest: Uint8Array = nothing;
  private consumed = 0;
  /** What was consumed since `remember`. */
  private kept: Uint8Array[] | undefined;
  private keptBytes = 0;
  private readonly source: AsyncIterator<Uint8Array>;

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.source = bytes[Symbol.asyncIterator]();
  }

  /** Bytes consumed so far. */
  get position(): number {
    return this.consumed;
  }

  /** Keeps what is consumed from here on, up to a megabyte, so that `rewind` can give it back. */
  remember(): void {
    this.kept = [];
    this.keptBytes = 0;
  }

  /** Goes back to where `remember` was called. False if that is too far back, or was not asked for. */
  rewind(): boolean {
    const { kept, keptBytes } = this;
    this.forget();
    if (kept === undefined) return false;
    this.rest = Buffer.concat([...kept, this.rest]);
    this.consumed -= keptBytes;
    return true;
  }

  /** Ends `remember`. */
  forget(): void {
    this.kept = undefined;
  }

  /** The next `count` bytes without consuming them; fewer at the end of the stream. */
  async peek(count: number): Promise<Uint8Array> {
    return (await this.held(count)).subarray(0, count);
  }

  /** All bytes that have arrived, at least `count` of them unless the stream ends; consumes none. */
  async held(count: number): Promise<Uint8Array> {
    while (this.rest.length < count) {
      const chunk = await this.next();
      if (chunk === undefined) break;
      const joined = new Uint8Array(this.rest.length + chunk.length);
      joined.set(this.rest);
      joined.set(chunk, this.rest.length);
      this.rest = joined;
    }
    return this.rest;
  }

  /** The next `count` bytes; fewer at the end of the stream. */
  async read(count: number): Promise<Uint8Array> {
    const bytes = await this.peek(count);
    this.consume(bytes.length);
    return bytes;
  }

  /** Skips `count` bytes in constant memory. Returns how many there were. */
  async skip(count: number): Promise<number> {
    let left = count;
    while (left > 0) {
      if (this.rest.length === 0) this.rest = (await this.next()) ?? nothing;
      if (this.rest.length === 0) break;
      const step = Math.min(left, this.rest.length);
      this.consume(step);
      left -= step;
    }
    return count - left;
  }

  /** Everything that is left, at most `limit` bytes of it, in chunks of at most 64 KiB. */
  async *chunks(limit = Number.POSITIVE_INFINITY): AsyncGenerator<Uint8Array, void> {
    let left = limit;
    while (left > 0) {
      if (this.rest.length === 0) this.rest = (await this.next()) ?? nothing;
      if (this.rest.length === 0) return;
      const chunk = this.rest.subarray(0, Math.min(left, 65_536));
      this.consume(chunk.length);
      left -= chunk.length;
      yield chunk;
    }
  }

  /** Closes the stream; reading afterwards finds its end. */
  async close(): Promise<void> {
    this.rest = nothing;
    await this.source.return?.();
  }

  private async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      const { done, value } = await this.source.next();
      if (done) return undefined;
      if (value.length > 0) return value;
    }
  }

  private consume(count: number): void {
    if (this.kept !== undefined && count > 0) {
      this.kept.push(this.rest.subarray(0, count));
      this.keptBytes += count;
      if (this.keptBytes > mostKeptBytes) this.forget();
    }
    this.rest = this.rest.subarray(count);
    this.consumed += count;
  }
}
