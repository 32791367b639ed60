import { isUtf8 } from 'node:buffer';
import { Secrets } from '../../base/secrets.js';
import type { Frame } from '../../contract/frame.js';
import type { Endpoint } from '../../providers/provider.js';

/**
 * Takes keys out of everything a server says, before anything reads it: a server that quotes the key in an error
 * must not bring it to the screen, into a log or a recording, in whatever spelling.
 */
export class Redaction {
  private readonly secrets: Secrets;

  /** `values`: keys from the environment. What the endpoint sends as credentials is added. */
  constructor(values: readonly (string | undefined)[], endpoint: Endpoint) {
    const sent = Object.entries(endpoint.headers)
      .filter(([name]) => /auth|key|token|secret|cookie|password|credential/i.test(name))
      .flatMap(([, value]) => value.split(/\s+/)); // "Bearer <key>"
    this.secrets = new Secrets([...values, ...sent, ...(endpoint.secrets ?? [])]);
  }

  text(text: string): string {
    return this.secrets.hide(text);
  }

  frame(frame: Frame): Frame {
    if (typeof frame === 'string') return this.text(frame);
    const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
    // latin1 maps every byte to one character and back.
    const encoding = isUtf8(bytes) ? 'utf8' : 'latin1';
    const text = bytes.toString(encoding);
    const clean = this.text(text);
    return clean === text ? frame : Buffer.from(clean, encoding);
  }
}

/** A frame for the log: sound and pictures become their length. */
export function elided(frame: Frame): string {
  const text = typeof frame === 'string' ? frame : new TextDecoder().decode(frame);
  if (!text.startsWith('{') && typeof frame !== 'string') return `<${frame.byteLength} bytes>`;
  return withoutBase64(text);
}

/**
 * Finds the start of a long run, then its end: for a single expression, V8's stack use grows with the length of the
 * run.
 */
function withoutBase64(text: string): string {
  const run = /[A-Za-z0-9+/]{256}/g;
  let clean = '';
  let end = 0;
  for (let found = run.exec(text); found !== null; found = run.exec(text)) {
    const after = /[^A-Za-z0-9+/]/g;
    after.lastIndex = run.lastIndex;
    const padding = after.exec(text)?.index ?? text.length;
    const length =
      padding - found.index + (/^={0,2}/.exec(text.slice(padding, padding + 2))?.[0].length ?? 0);
    clean += `${text.slice(end, found.index)}<${length} characters of base64>`;
    end = found.index + length;
    run.lastIndex = end;
  }
  return clean + text.slice(end);
}
