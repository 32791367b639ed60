import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elided, Redaction } from '../../../src/session/link/redaction.js';

const endpoint = {
  url: 'ws://x',
  headers: { Authorization: 'Bearer token-of-the-header', Accept: 'everything' },
};

describe('Redaction', () => {
  const redaction = new Redaction(['key-of-the-environment', undefined, 'dummy'], endpoint);

  it('takes out keys of the environment and of the headers, wherever they stand', () => {
    expect(redaction.text('a key-of-the-environment b token-of-the-header c key-of-the-environment')).toBe(
      'a [secret] b [secret] c [secret]',
    );
  });

  const key = 'sk-Ab/c+key_0123456789';
  const planted = new Redaction([key], { url: 'ws://x', headers: {} });

  it.each([
    ['as it is', key],
    ['with escapes of JSON', [...key].map((letter) => `\\u00${letter.charCodeAt(0).toString(16)}`).join('')],
    ['with one escape', key.replace('s', '\\u0073')],
    ['with capital escapes', key.replace('+', '\\u002B')],
    ['with an escaped slash', key.replace('/', '\\/')],
    ['as JSON in JSON', JSON.stringify(JSON.stringify({ a: key.replace('s', '\\u0073') }))],
    ['with escapes of JavaScript', key.replace('s', '\\x73').replace('k', '\\u{6b}')],
    ['as a part of a URL', encodeURIComponent(key)],
    [
      'with all of it escaped as in a URL',
      [...Buffer.from(key)].map((byte) => `%${byte.toString(16)}`).join(''),
    ],
    ['escaped twice as in a URL', encodeURIComponent(encodeURIComponent(key))],
    ['as in HTML', key.replace('s', '&#115;').replace('k', '&#x6b;')],
    ['in base64', Buffer.from(key).toString('base64')],
    ['in base64 after one letter', Buffer.from(`:${key}`).toString('base64')],
    ['in base64 after two letters', Buffer.from(`a:${key}:b`).toString('base64')],
    ['in base64 of URLs', Buffer.from(`Bearer ${key}`).toString('base64url')],
    ['in hexadecimal', Buffer.from(key).toString('hex')],
    ['in capital hexadecimal', Buffer.from(key).toString('hex').toUpperCase()],
    ['with invisible characters', [...key].join('\u200b')],
    ['with controls, which a terminal drops', [...key].join('\u0007')],
    ['with tag characters', [...key].join('\u{e0041}')],
    ['with escaped invisible characters', [...key].join('\\u200b')],
  ])('knows a key %s', (_, written) => {
    for (const frame of [`before ${written} after`, Buffer.from(`before ${written} after`)]) {
      const clean = Buffer.from(planted.frame(frame)).toString('utf8');
      expect(clean).toMatch(/^before ["\\{a-zA-Z:=]*\[secret\].{0,12} after$/);
      const left = clean.replace(/^before |\[secret\]| after$/g, '');
      expect(left.length).toBeLessThan(16);
    }
  });

  it('leaves what resembles a key', () => {
    for (const text of ['sk-Ab', '\\u0073k-', '%73k', key.slice(1), key.slice(0, -1), '\\'.repeat(40)]) {
      expect(planted.text(text)).toBe(text);
    }
  });

  it('reads long texts made for it in linear time', () => {
    const startMs = performance.now();
    for (const piece of ['\\', '\\u0073', 's\u200b', '%25', '&#0', 's', 'sk-Ab/']) {
      planted.text(`\\${piece.repeat(1_000_000 / piece.length)}`);
    }
    expect(performance.now() - startMs).toBeLessThan(3000);
  });

  it('leaves words alone', () => {
    expect(redaction.text('Bearer dummy everything')).toBe('Bearer dummy everything');
  });

  it('cleans binary frames and keeps every other byte', () => {
    const before = Buffer.from([0xff, 0x00, 0x80]);
    const frame = Buffer.concat([before, Buffer.from('token-of-the-header'), before]);
    expect(redaction.frame(frame)).toEqual(Buffer.concat([before, Buffer.from('[secret]'), before]));
  });

  it('passes frames without a secret on as they are', () => {
    const frame = new Uint8Array([1, 2, 3]);
    expect(redaction.frame(frame)).toBe(frame);
  });

  it('never lets a key through', () => {
    const key = 'key-of-the-environment';
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constant(key))), (parts) => {
        const text = parts.join('');
        expect(redaction.text(text)).not.toContain(key);
        expect(Buffer.from(redaction.frame(Buffer.from(text))).includes(key)).toBe(false);
      }),
    );
  });
});

describe('elided', () => {
  it('replaces sound and pictures by their length', () => {
    const sound = 'QUJD'.repeat(100);
    expect(elided(`{"delta":"${sound}=","url":"data:image/png;base64,${sound}"}`)).toBe(
      '{"delta":"<401 characters of base64>","url":"data:image/png;base64,<400 characters of base64>"}',
    );
    expect(elided('{"delta":"QUJD","text":"short words stay"}')).toBe(
      '{"delta":"QUJD","text":"short words stay"}',
    );
  });

  it('is not brought down by a run as long as the largest message', () => {
    const run = 'x'.repeat(63 * 2 ** 20);
    expect(elided(`${run} and ${run}==`)).toBe(
      `<${run.length} characters of base64> and <${run.length + 2} characters of base64>`,
    );
  });

  it('leaves nothing of any text out but long runs', () => {
    const letters = fc.string({ unit: fc.constantFrom('A', '+', '=', '"', ' ') });
    const run = fc.integer({ min: 1, max: 600 }).map((length) => 'B'.repeat(length));
    fc.assert(
      fc.property(fc.array(fc.oneof(letters, run)), (parts) => {
        const text = parts.join('');
        const expected = text.replace(
          /[A-Za-z0-9+/]{256,}={0,2}/g,
          (found) => `<${found.length} characters of base64>`,
        );
        expect(elided(text)).toBe(expected);
      }),
    );
  });

  it('shows binary JSON as text and other bytes as their number', () => {
    expect(elided(Buffer.from('{"a":1}'))).toBe('{"a":1}');
    expect(elided(new Uint8Array(5))).toBe('<5 bytes>');
  });
});
