import { mcpServersIn, shownServers } from '../../src/config/mcp/mcp-file.js';
import { jsonTarget } from '../fuzzing/inputs.js';
import { isForPeople } from '../fuzzing/refusals.js';
import { mayRefuse } from '../fuzzing/target.js';

const reference = ['$', '{A}'].join('');

export const target = jsonTarget({
  about: 'files with MCP servers, and what is shown of them before they are trusted',
  seeds: [
    {
      mcpServers: {
        files: {
          command: 'npx',
          args: ['-y', reference],
          env: { TOKEN: reference },
          cwd: '/srv',
          allow: ['read_*'],
        },
        search: {
          type: 'http',
          url: 'https://example.org/mcp',
          headers: { 'X-Trace': reference },
          disabled: false,
        },
      },
    },
    { lone: { url: 'http://127.0.0.1:1/mcp', approval: 'never', timeoutMs: 100 } },
  ],
  async check(text) {
    await mayRefuse(() => {
      for (const { name, text: shown } of shownServers(text, '.mcp.json')) {
        if (/[^\x20-\x7e\n]/.test(shown.slice(name.length)))
          throw new Error(`shown raw: ${JSON.stringify(shown)}`);
      }
    }, isForPeople);
    await mayRefuse(() => mcpServersIn(text, '.mcp.json', { A: 'value-of-a' }), isForPeople);
  },
});
