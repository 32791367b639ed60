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
