import { describe, expect, it } from 'vitest';
import { VoxtermError } from '../../src/contract/failure.js';
import { proxyAddress } from '../../src/network/proxy-address.js';

const proxy = { HTTPS_PROXY: 'http://proxy.example:3128' };
const server = 'wss://api.example.org/v1';
const named = 'proxy.example:3128';

function hostFor(address: string, env: Record<string, string>): string | undefined {
  return proxyAddress(new URL(address), env)?.host;
}

describe('proxyAddress', () => {
  it.each([
    ['HTTPS_PROXY for https', 'https://example.org', proxy, named],
    ['HTTPS_PROXY not for http', 'http://example.org', proxy, undefined],
    ['HTTP_PROXY for http', 'http://example.org', { HTTP_PROXY: 'proxy.example:3128' }, named],
    ['HTTP_PROXY for ws', 'ws://example.org', { http_proxy: 'proxy.example:3128' }, named],
    ['HTTPS_PROXY for ws where HTTP_PROXY is not set', 'ws://example.org', proxy, named],
    ['HTTP_PROXY not for https', 'https://example.org', { HTTP_PROXY: 'proxy.example:3128' }, undefined],
    ['ALL_PROXY for http', 'http://example.org', { ALL_PROXY: 'proxy.example:3128' }, named],
    ['the lower case first', server, { ...proxy, https_proxy: 'lower.example:1' }, 'lower.example:1'],
    ['the upper case where the lower is empty', server, { ...proxy, https_proxy: ' ' }, named],
    ['HTTPS_PROXY before a SOCKS proxy', server, { ...proxy, ALL_PROXY: 'socks5://s.example:1080' }, named],
    [
      'no HTTP_PROXY inside CGI',
      'http://example.org',
      { HTTP_PROXY: 'http://evil.example', REQUEST_METHOD: 'GET' },
      undefined,
    ],
    [
      'never for this machine',
      'http://localhost:11434/v1',
      { ALL_PROXY: 'socks5://s.example:1080' },
      undefined,
    ],
    [
      'user and password only in the address',
      server,
      { HTTPS_PROXY: 'http://u:p@proxy.example:3128' },
      named,
    ],
  ])('%s', (_what, address, env, host) => {
    expect(hostFor(address, env)).toBe(host);
  });

  it.each([
    ['http://0.0.0.0:8080/v1', undefined],
    ['http://0:8080/v1', undefined],
    ['http://[::]:8080/v1', undefined],
    ['http://[::ffff:127.0.0.1]:8080/v1', undefined],
    ['http://[::ffff:0.0.0.0]:8080/v1', undefined],
    ['http://localhost.:8080/v1', undefined],
    ['http://[::2]:8080/v1', named],
    ['http://0.0.0.1:8080/v1', named],
  ])('this machine in other spellings: %s', (address, host) => {
    expect(hostFor(address, { HTTP_PROXY: named })).toBe(host);
  });

  it.each([
    ['a range', 'wss://10.1.2.3/v1', '10.0.0.0/8', undefined],
    ['a range that does not hold it', 'wss://11.1.2.3/v1', '10.0.0.0/8', named],
    ['a range with a port', 'wss://10.1.2.3:8443/v1', '10.0.0.0/8:8443', undefined],
    ['a range that is not one', 'wss://10.1.2.3/v1', '10.0.0.0/x 10.0.0.0/33 10.0.0.0/', named],
    ['a range for a name', 'wss://10.example.org', '10.0.0.0/8', named],
    ['everything', 'wss://10.1.2.3/v1', '0.0.0.0/0', undefined],
    ['an address', 'wss://10.1.2.3/v1', '10.1.2.3', undefined],
    ['the end of an address', 'wss://10.1.2.3/v1', '2.3', named],
    ['a range of IPv6', 'wss://[fd00::1]/v1', 'fd00::/8', undefined],
    ['an IPv6 address in another spelling', 'wss://[2001:db8::1]/v1', '2001:0db8:0::1', undefined],
    ['an IPv6 address with a port', 'wss://[2001:db8::1]:8443/v1', '[2001:db8::1]:8443', undefined],
    ['an IPv6 address with another port', 'wss://[2001:db8::1]/v1', '[2001:db8::1]:8443', named],
    ['a name with a dot at its end', 'wss://api.example.org./v1', 'example.org', undefined],
    ['a name behind others', server, 'a.example; b.example,api.example.org.', undefined],
  ])('NO_PROXY with %s', (_what, address, exempt, host) => {
    expect(hostFor(address, { ...proxy, NO_PROXY: exempt })).toBe(host);
  });

  it('keeps a percent sign that the password has', () => {
    const url = proxyAddress(new URL(server), { HTTPS_PROXY: 'http://u:100%@proxy.example' })?.url;
    expect(decodeURIComponent(url?.password ?? '')).toBe('100%');
  });

  it.each([
    'socks5://me:hunter22@s.example:1080',
    'socks4://s.example',
    'SOCKS5H://s.example',
    'socks://s.example',
  ])('refuses %s, because going around it might expose the user', (address) => {
    const refused = refusal({ ALL_PROXY: address });
    expect(refused).toMatchObject({
      exitCode: 3,
      code: 'config.proxy',
      message: 'ALL_PROXY names a SOCKS proxy, and only HTTP proxies are supported.',
    });
    expect(refused.hint).toMatch(/HTTPS_PROXY=http:\/\/HOST:PORT/);
  });

  it.each([
    'http://[',
    'ftp://proxy.example',
    'http://me:hunter22/x@proxy.example',
    'http://me:1#hunter22@proxy.example',
    'http://me:1?hunter22@proxy.example',
    'http://me:hunter22%ff@proxy.example',
  ])('refuses %s without printing it', (address) => {
    const refused = refusal({ HTTPS_PROXY: address });
    expect(refused).toMatchObject({
      exitCode: 3,
      code: 'config.proxy',
      message: 'HTTPS_PROXY is not the address of an HTTP proxy.',
    });
    expect(JSON.stringify([refused.message, refused.hint, refused.facts])).not.toContain('hunter22');
  });
});

function refusal(env: Record<string, string>): VoxtermError {
  try {
    proxyAddress(new URL(server), env);
  } catch (error) {
    if (error instanceof VoxtermError) return error;
  }
  throw new Error('It was not refused.');
}
