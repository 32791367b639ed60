import { expect, it } from 'vitest';
import { exposedHeaders } from '../../../src/tools/mcp/clear-text.js';
import { watched } from './watched-servers.js';

const headers = { 'X-Key': 'secret-key' };

it.each([
  ['http://10.1.2.3/mcp', headers],
  ['http://example.org:8080/mcp', headers],
  ['http://localhost.example.org/mcp', headers],
  ['http://user:password@example.org/mcp', {}],
  ['HTTP://EXAMPLE.ORG/mcp', headers],
])('headers do not go unencrypted to another machine: %s', async (url, given) => {
  const all = watched([{ name: 'far', url, headers: given }]);
  expect(await all.servers.tools(['far'])).toEqual([]);
  const { message } = await all.event('failed');
  expect(message).toMatch(
    /^The MCP server far is not used: http:\/\/[\w.:]+ would be sent its headers unencrypted over the network\. Use https:\/\/, or allow clear text with the option "insecure"\.$/,
  );
});

it.each([
  ['https://example.org/mcp', headers],
  ['http://127.0.0.1:1/mcp', headers],
  ['http://localhost:1/mcp', headers],
  ['http://[::1]:1/mcp', headers],
  ['http://example.org/mcp', {}],
])('but they go encrypted, or on this machine: %s', (url, given) => {
  expect(exposedHeaders({ name: 'near', url, headers: given })).toBeUndefined();
});

it('they go everywhere with "insecure"', async () => {
  const all = watched([{ name: 'far', url: 'http://nowhere.invalid/mcp', headers }], { insecure: true });
  await all.servers.tools(['far']);
  expect((await all.event('failed')).message).toMatch(/cannot be reached/);
});
