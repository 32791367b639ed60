import type { Endpoint, Frame } from '../providers/provider.js';

/** Shorter values are words ("dummy", "none"), and replacing them would cut holes into a conversation. */
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
    const all = [...values, ...sent].filter((value) => value !== undefined);
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
  return text.replace(/[A-Za-z0-9+/]{256,}={0,2}/g, (base64) => `<${base64.length} characters of base64>`);
}
