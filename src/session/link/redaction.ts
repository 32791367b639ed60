import type { Frame } from '../../contract/frame.js';
import type { Endpoint } from '../../providers/provider.js';

/** Shorter values are words ("dummy", "none"), and replacing them would damage a conversation. */
const shortestSecret = 8;
const veil = '[secret]';

/**
 * Takes keys out of everything a server says, before anything reads it: a server that quotes the key in an error
 * must not bring it to the screen, into a log or a recording.
 */
export class Redaction {
  private readonly secrets: readonly string[];

  /** `values`: keys from the environment. What the endpoint sends as credentials is added. */
  constructor(values: readonly (string | undefined)[], endpoint: Endpoint) {
    const sent = Object.entries(endpoint.headers)
      .filter(([name]) => /auth|key|token|secret/i.test(name))
      .flatMap(([, value]) => value.split(/\s+/)); // "Bearer <key>"
    const all = [...values, ...sent, ...(endpoint.secrets ?? [])].filter((value) => value !== undefined);
    this.secrets = [...new Set(all)].filter((value) => value.length >= shortestSecret);
  }

  text(text: string): string {
    let clean = text;
    for (const secret of this.secrets) if (clean.includes(secret)) clean = clean.replaceAll(secret, veil);
    return clean;
  }

  frame(frame: Frame): Frame {
    if (typeof frame === 'string') return this.text(frame);
    const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
    if (!this.secrets.some((secret) => bytes.includes(secret))) return frame;
    // latin1 maps every byte to one character and back.
    return Buffer.from(this.text(bytes.toString('latin1')), 'latin1');
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
