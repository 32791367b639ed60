import { StringDecoder } from 'node:string_decoder';
import { type Key, KeyParser } from './key-parser.js';

/**
 * A terminal sends a whole sequence at once; an Escape that is alone for this long was the key. Slow links need this
 * much.
 */
const escapeMs = 60;
/** How long to wait for the end marker of a paste. */
const pasteMs = 2000;

/** The stream that the keyboard reads. */
export interface KeyInput {
  on(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
  on(event: 'end' | 'error', listener: () => void): unknown;
  off(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
  off(event: 'end' | 'error', listener: () => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/** Keys from a terminal in raw mode. */
export class Keyboard {
  private readonly parser = new KeyParser();
  private readonly decoder = new StringDecoder('utf8');
  private timer: NodeJS.Timeout | undefined;

  /** @param onEnd called when the terminal has gone */
  constructor(
    private readonly input: KeyInput,
    private readonly onKey: (key: Key) => void,
    private readonly onEnd: () => void,
  ) {}

  start(): void {
    this.input.on('data', this.read);
    this.input.on('end', this.onEnd);
    this.input.on('error', this.onEnd);
    this.input.resume();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.input.off('data', this.read);
    this.input.off('end', this.onEnd);
    this.input.pause();
    // The error listener stays: a terminal that disappears while we close must not throw.
  }

  private readonly read = (chunk: Uint8Array): void => {
    clearTimeout(this.timer);
    this.hand(this.parser.feed(this.decoder.write(chunk)));
    if (!this.parser.waiting) return;
    this.timer = setTimeout(() => this.hand(this.parser.flush()), this.parser.pasting ? pasteMs : escapeMs);
  };

  private hand(keys: readonly Key[]): void {
    for (const key of keys) this.onKey(key);
  }
}
