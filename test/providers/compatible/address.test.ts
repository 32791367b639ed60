import { describe, expect, it } from 'vitest';
import { adviceOn } from '../../../src/cli/advice.js';
import { VoxtermError } from '../../../src/contract/failure.js';
import { realtimeAddress } from '../../../src/providers/compatible/address.js';

const model = 'm 1';

function refusal(url: string, insecure?: boolean): VoxtermError {
  try {
    realtimeAddress(url, { model, insecure });
  } catch (error) {
    if (error instanceof VoxtermError) return error;
    throw error;
  }
  throw new Error(`${url} was accepted`);
}

describe('realtimeAddress', () => {
  it.each([
    ['ws://127.0.0.1:8000', 'ws://127.0.0.1:8000/v1/realtime?model=m+1'],
    ['ws://127.0.0.1:8000/', 'ws://127.0.0.1:8000/v1/realtime?model=m+1'],
    ['ws://127.0.0.1:8000/v1', 'ws://127.0.0.1:8000/v1/realtime?model=m+1'],
    ['ws://127.0.0.1:8000/v1/', 'ws://127.0.0.1:8000/v1/realtime?model=m+1'],
    ['ws://127.0.0.1:8000/v1/realtime', 'ws://127.0.0.1:8000/v1/realtime?model=m+1'],
    ['wss://example.org/openai/v1', 'wss://example.org/openai/v1/realtime?model=m+1'],
    ['wss://example.org/api/realtime/session', 'wss://example.org/api/realtime/session?model=m+1'],
    ['ws://localhost/v1/realtime?model=mine', 'ws://localhost/v1/realtime?model=mine'],
    ['ws://localhost/v1/realtime?call_id=rtc_1', 'ws://localhost/v1/realtime?call_id=rtc_1'],
    ['ws://localhost/v1?duplex=0#part', 'ws://localhost/v1/realtime?duplex=0&model=m+1'],
  ])('completes %s', (given, expected) => {
    expect(realtimeAddress(given, { model })).toBe(expected);
  });

  it.each(['ws://localhost:1', 'ws://api.localhost', 'ws://127.1.2.3', 'ws://127.1', 'ws://[::1]:8000'])(
    'lets clear text stay on this machine: %s',
    (url) => {
      expect(realtimeAddress(url, { model })).toContain('/v1/realtime');
    },
  );

  it.each([
    'ws://192.168.0.7',
    'ws://example.org',
    'ws://localhost.example.org',
    'ws://127.0.0.1.example.org',
  ])('refuses unencrypted connections over a network unless allowed: %s', (url) => {
    expect(refusal(url)).toMatchObject({ exitCode: 3, code: 'url.clear-text' });
    expect(adviceOn(refusal(url))).toContain('--insecure');
    expect(realtimeAddress(url, { model, insecure: true })).toContain('/v1/realtime');
  });

  it.each([
    ['http://localhost:8000/v1', 'ws://localhost:8000/v1'],
    ['https://user:geheim@example.org/v1', 'wss://example.org/v1'],
  ])('suggests what to write instead of %s', (given, instead) => {
    const error = refusal(given);
    expect(error).toMatchObject({ exitCode: 3, code: 'url.not-websocket' });
    expect(error.hint).toBe(`Use ${instead}`);
  });

  it.each(['', 'localhost:8000', '127.0.0.1:8000/v1', 'not an address', 'ftp://example.org', 'ws://'])(
    'gives an example for "%s"',
    (given) => {
      const error = refusal(given);
      expect(error).toMatchObject({ exitCode: 3, code: 'url.unreadable' });
      expect(error.hint).toContain('ws://127.0.0.1:8000/v1');
    },
  );

  it.each([
    'wss://user:geheim@example.org/v1',
    'wss://geheim@example.org/v1',
    'wss://example.org/v1?api_key=geheim',
    'wss://example.org/v1?apikey=geheim',
    'wss://example.org/v1?access_token=geheim',
    'user:geheim@example.org',
  ])('refuses a secret in the address and does not repeat it: %s', (given) => {
    const error = refusal(given, true);
    expect(error.exitCode).toBe(3);
    expect(`${error.message} ${error.hint} ${error.stack}`).not.toContain('geheim');
  });
});
