import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { adviceOn } from '../../../src/cli/advice.js';
import { VoxtermError } from '../../../src/contract/failure.js';
import { dashscope } from '../../../src/providers/dashscope/provider.js';
import type { ConnectionSettings } from '../../../src/providers/provider.js';
import { openLink } from '../../../src/session/link/open-link.js';

async function refusalOf(connection: Partial<ConnectionSettings>): Promise<unknown> {
  const server = createServer((_, response) => response.writeHead(401).end('{"code":"InvalidApiKey"}'));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const model = dashscope.defaultModel;
  const settings = { model, env: { DASHSCOPE_API_KEY: 'sk-wrong-0123456' }, ...connection };
  try {
    await openLink({
      provider: dashscope,
      connection: settings,
      profile: dashscope.profile(model),
      endpoint: { url: `ws://127.0.0.1:${port}/`, headers: {} },
    });
  } catch (error) {
    return error;
  } finally {
    server.close();
  }
  return undefined;
}

describe('a refused upgrade', () => {
  it('is explained with the region that was used', async () => {
    const error = await refusalOf({ options: { region: 'international' } });
    expect(error).toMatchObject({ exitCode: 3, hint: expect.stringContaining('"region" to "china"') });
  });

  it('does not mention regions at another address', async () => {
    const error = await refusalOf({ url: 'ws://127.0.0.1:1' });
    expect(error).toMatchObject({ exitCode: 3, hint: expect.stringContaining('this address') });
    expect(error instanceof VoxtermError && adviceOn(error)).toContain('--url');
  });
});
