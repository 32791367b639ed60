import { describe, expect, it } from 'vitest';
import { masked } from '../../src/config/shown-value.js';

const secret = 'sk-live-4242';

describe('arguments as config print shows them', () => {
  it.each([
    [
      ['--api-key', secret],
      ['--api-key', '***'],
    ],
    [
      ['--apiKey', secret],
      ['--apiKey', '***'],
    ],
    [
      ['-token', secret, 'x'],
      ['-token', '***', 'x'],
    ],
    [[`--token=${secret}`], ['--token=***']],
    [[`--token=a=${secret}`], ['--token=***']],
    [
      ['--password', `-${secret}`, '--verbose'],
      ['--password', '***', '--verbose'],
    ],
    [
      ['-e', `OPENAI_API_KEY=${secret}`],
      ['-e', 'OPENAI_API_KEY=***'],
    ],
    [
      ['--header', `Authorization: Bearer ${secret}`],
      ['--header', 'Authorization: ***'],
    ],
    [
      ['-H', `X-Custom:${secret}`],
      ['-H', 'X-Custom:***'],
    ],
    [[`--header=Cookie: ${secret}`], ['--header=Cookie: ***']],
    [[`https://u:${secret}@example.org/mcp?key=${secret}`], ['https://***@example.org/mcp?***']],
    [[`--url=https://example.org/mcp?key=${secret}`], ['--url=https://example.org/mcp?***']],
    [[`postgres://u:${secret}@db/x`], ['postgres://***@db/x']],
  ])('hide the secret in %j', (args, shown) => {
    expect(masked(['mcp', 'servers', 'files', 'args'], args)).toEqual(shown);
    expect(masked(['tools'], [{ args }])).toEqual([{ args: shown }]);
  });

  it.each([
    [['-y', '@modelcontextprotocol/server-filesystem', '/srv/docs']],
    [['--author', '{{name}}', '--max-count={{count}}']],
    [['--api-key', `\${FILES_TOKEN}`, '--token={{token}}']],
    [['--skip-auth', '--verbose', 'https://example.org/mcp']],
    [['-c', 'a=b']],
  ])('stay as they are without one: %j', (args) => {
    expect(masked(['mcp', 'servers', 'files', 'args'], args)).toEqual(args);
  });
});
