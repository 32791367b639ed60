import { describe, expect, it } from 'vitest';
import { connectFailure } from '../../../src/session/link/connect-failure.js';

const url = 'wss://example.org:8443/v1/realtime?model=m&call_id=private';

function failure(code: string, { message = 'raw words', proxy }: { message?: string; proxy?: string } = {}) {
  return connectFailure(Object.assign(new Error(message), { code }), url, proxy);
}

describe('connectFailure', () => {
  it.each([
    ['ENOTFOUND', 'There is no address for example.org:8443.'],
    ['EAI_AGAIN', 'There is no address for example.org:8443.'],
    ['ECONNREFUSED', 'Nothing answers at example.org:8443.'],
    ['ENETUNREACH', 'example.org:8443 cannot be reached.'],
    ['ECONNRESET', 'example.org:8443 cut the connection before it was open.'],
    ['CERT_HAS_EXPIRED', 'The certificate of example.org:8443 has expired.'],
    [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'The certificate of example.org:8443 is not signed by an authority that this machine trusts.',
    ],
    [
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'The certificate of example.org:8443 is not signed by an authority that this machine trusts.',
    ],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'The certificate of example.org:8443 belongs to another name.'],
    ['EPROTO', 'example.org:8443 does not speak TLS.'],
    ['HPE_INVALID_CONSTANT', 'example.org:8443 answers, but speaks no WebSocket.'],
    ['EWEIRD', 'No connection to example.org:8443: raw words'],
  ])('puts %s into words', (code, message) => {
    const error = failure(code);
    expect(error.message).toBe(message);
    expect(error.exitCode).toBe(6);
    expect(error.hint).toMatch(/^[A-Z].*\.$/);
    expect(error.message + error.hint).not.toContain('private');
  });

  it('names the remedy for a private authority', () => {
    expect(failure('SELF_SIGNED_CERT_IN_CHAIN').hint).toContain('NODE_EXTRA_CA_CERTS');
  });

  it('tells the proxy from what lies behind it', () => {
    const proxy = 'proxy.example:3128';
    expect(failure('ECONNREFUSED', { proxy }).message).toBe(
      'Nothing answers at the proxy proxy.example:3128.',
    );
    expect(failure('ECONNRESET', { proxy }).message).toMatch(/^The proxy proxy\.example:3128 cut/);
    expect(failure('CERT_HAS_EXPIRED', { proxy }).message).toContain('example.org:8443 has expired');
    expect(failure('CERT_HAS_EXPIRED', { proxy }).hint).toContain('proxy.example:3128 (HTTPS_PROXY)');
  });

  it('survives an error without a code and an address that is none', () => {
    const error = connectFailure(new Error('odd'), 'not an address', undefined);
    expect(error.message).toBe('No connection to not an address: odd');
  });
});
