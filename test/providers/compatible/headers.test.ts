import { describe, expect, it } from 'vitest';
import { VoxtermError } from '../../../src/contract/failure.js';
import { azure } from '../../../src/providers/azure/provider.js';
import { withHeaders } from '../../../src/providers/compatible/headers.js';
import { openai } from '../../../src/providers/openai/provider.js';
import type { Endpoint } from '../../../src/providers/provider.js';
import { Redaction } from '../../../src/session/link/redaction.js';

const ours: Endpoint = { url: 'wss://example.org/', headers: { Authorization: 'Bearer ours' } };

/** A variable as it is written in the configuration. */
function of(variable: string): string {
  return ['$', '{', variable, '}'].join('');
}

function added(headers: Record<string, string>, env: Record<string, string> = {}): Endpoint {
  return withHeaders(ours, { model: 'm', env, options: { headers } });
}

function refusal(headers: Record<string, string>, env: Record<string, string> = {}): VoxtermError {
  try {
    added(headers, env);
  } catch (error) {
    if (error instanceof VoxtermError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('withHeaders', () => {
  it('does not change an endpoint if none are configured', () => {
    expect(withHeaders(ours, { model: 'm', env: {} })).toBe(ours);
    expect(added({})).toBe(ours);
  });

  it('fills in variables, and replaces our own headers', () => {
    const env = { VENDOR_KEY: 'a2V5OnNlY3JldA==', REGION: 'north' };
    const endpoint = added(
      { authorization: `Basic ${of('VENDOR_KEY')}`, 'X-Where': `eu-${of('REGION')}-1` },
      env,
    );
    expect(endpoint.headers).toEqual({
      authorization: 'Basic a2V5OnNlY3JldA==',
      'X-Where': 'eu-north-1',
    });
  });

  it.each(['api-key', 'X-Api-Key', 'Authorization'])('sends %s instead of our key', (name) => {
    expect(added({ [name]: 'theirs' }).headers).toEqual({ [name]: 'theirs' });
    const options = { headers: { [name]: 'theirs' } };
    const connection = { model: 'm', env: {}, options };
    const env = { OPENAI_API_KEY: 'sk-ours', OPENAI_PROJECT: 'p' };
    expect(openai.endpoint({ ...connection, env }).headers).toEqual({
      'OpenAI-Project': 'p',
      [name]: 'theirs',
    });
    expect(openai.endpoint(connection).headers).toEqual({ [name]: 'theirs' });
    expect(() => openai.endpoint({ ...connection, options: { headers: { 'X-Team': 'a' } } })).toThrow(/key/);
  });

  it('needs no Azure key with it either', () => {
    const endpoint = azure.endpoint({
      model: 'm',
      env: {},
      options: { resource: 'r', headers: { Authorization: 'Bearer theirs' } },
    });
    expect(endpoint.headers).toEqual({ Authorization: 'Bearer theirs' });
  });

  it('keeps every value out of all output, whatever the header is called', () => {
    const endpoint = added({ 'X-Where': `pw-${of('SESAME')}` }, { SESAME: 'open-sesame-42' });
    const redaction = new Redaction([], endpoint);
    expect(redaction.text('You sent open-sesame-42.')).toBe('You sent [secret].');
    expect(redaction.text('You sent pw-open-sesame-42.')).not.toContain('sesame');
  });

  it('names a variable that is not set', () => {
    for (const env of [{}, { VENDOR_KEY: '' }]) {
      const error = refusal({ Authorization: `Basic ${of('VENDOR_KEY')}` }, env);
      expect(error).toMatchObject({ exitCode: 3, code: 'headers.variable-missing' });
      expect(error.message).toContain('VENDOR_KEY');
    }
  });

  it.each([
    [{ 'X-A': 'one\r\nX-Evil: two' }, 'headers.value'],
    [{ 'X-A': 'schlüssel' }, 'headers.value'],
    [{ 'X A': 'one' }, 'headers.name'],
    [{ '': 'one' }, 'headers.name'],
    [{ Host: 'elsewhere' }, 'headers.reserved'],
    [{ 'sec-websocket-key': 'x' }, 'headers.reserved'],
    [{ 'X-A': of('KEY') }, 'credentials.malformed'],
    [{ 'X-A': of('') }, 'headers.variable-missing'],
  ])('refuses %j without repeating its value', (headers, code) => {
    const error = refusal(headers, { KEY: 'very secret\n' });
    expect(error).toMatchObject({ exitCode: 3, code });
    const [value = ''] = Object.values(headers);
    if (code === 'headers.value') expect(`${error.message} ${error.hint}`).not.toContain(value);
    expect(`${error.message} ${error.hint}`).not.toContain('very secret');
  });
});
