// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how variables are written in these files.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mcpServersIn, readMcpFile, shownServers } from '../../../src/config/mcp/mcp-file.js';
import { VoxtermError } from '../../../src/contract/failure.js';
import { directoryWith } from '../files.js';

const file = '/etc/voxterm/mcp.json';

function servers(content: unknown, env: Record<string, string> = {}) {
  return mcpServersIn(
    typeof content === 'string' ? content : JSON.stringify(content, undefined, 2),
    file,
    env,
  );
}

function failure(content: unknown, env: Record<string, string> = {}): VoxtermError {
  try {
    servers(content, env);
  } catch (error) {
    if (error instanceof VoxtermError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a file with MCP servers', () => {
  it('is read with and without the wrapper, with comments', async () => {
    const text = '{ // mine\n "mcpServers": {"notes": {"command": "notes-server", "args": ["-v"],}} }';
    const directory = directoryWith({ 'mcp.json': text });
    const notes = { name: 'notes', command: 'notes-server', args: ['-v'] };
    expect(await readMcpFile(join(directory, 'mcp.json'), {})).toMatchObject([notes]);
    expect(servers({ notes: { command: 'notes-server', args: ['-v'] } })).toMatchObject([notes]);
  });

  it('takes a server whose name is mcpServers for what it is', () => {
    expect(servers({ mcpServers: { command: 'x' } })).toMatchObject([{ name: 'mcpServers', command: 'x' }]);
  });

  it('knows both kinds of servers and all that is common to them', () => {
    const common = { allow: ['read_*'], deny: ['read_all'], approval: 'never', timeoutMs: 5000 };
    expect(
      servers({
        files: { type: 'stdio', command: './bin/files', cwd: 'data', env: { MODE: 'ro' }, ...common },
        web: { type: 'streamable-http', url: 'https://example.org/mcp', headers: { 'X-A': 'b' }, ...common },
        plain: { url: 'http://127.0.0.1:1/mcp' },
      }),
    ).toMatchObject([
      {
        name: 'files',
        command: '/etc/voxterm/bin/files',
        cwd: '/etc/voxterm/data',
        env: { MODE: 'ro' },
        ...common,
      },
      { name: 'web', url: 'https://example.org/mcp', headers: { 'X-A': 'b' }, ...common },
      { name: 'plain', url: 'http://127.0.0.1:1/mcp' },
    ]);
  });

  it('puts variables into command, args, env, url and headers', () => {
    const env = { BIN: 'notes', PLACE: '/data', TOKEN: 's3cret', EMPTY: '' };
    expect(
      servers(
        {
          notes: {
            command: '${BIN}-server',
            args: ['${PLACE}/a', '${EMPTY:-b}', '${MISSING:-}', '$HOME ${1}'],
            env: { KEY: '${TOKEN}' },
          },
          web: {
            url: 'https://${HOST:-example.org}/mcp',
            headers: { Authorization: 'Bearer ${TOKEN}' },
          },
        },
        env,
      ),
    ).toMatchObject([
      { command: 'notes-server', args: ['/data/a', 'b', '', '$HOME ${1}'], env: { KEY: 's3cret' } },
      { url: 'https://example.org/mcp', headers: { Authorization: 'Bearer s3cret' } },
    ]);
  });

  it('names the variable and the server where one is missing', () => {
    const error = failure({ mcpServers: { notes: { command: 'x', env: { KEY: '${TOKEN}' } } } });
    expect(error.exitCode).toBe(3);
    expect(error.message).toBe(
      '/etc/voxterm/mcp.json:6:16: mcpServers.notes.env.KEY: the MCP server notes needs TOKEN, which is not set.',
    );
    expect(error.hint).toContain('TOKEN');
  });

  it('leaves out what is disabled, missing variables included', () => {
    expect(servers({ a: { command: '${MISSING}', disabled: true }, b: { command: 'b' } })).toHaveLength(1);
  });

  it.each([
    [
      { a: { command: 'x', approval: 'sometimes' } },
      ':4:17: a.approval is "sometimes"',
      'never, ask, always',
    ],
    [{ a: { type: 'sse', url: 'http://x/' } }, 'a.type is "sse"', 'not spoken here'],
    [{ a: { comand: 'x' } }, ':3:5: a.comand is not a setting', 'Did you mean command?'],
    [{ a: { command: 'x', url: 'http://x/' } }, 'a.command is for programs', 'has url and headers'],
    [{ a: { command: 'x', headers: {} } }, 'a.headers is for web addresses', 'url and headers'],
    [{ a: { type: 'http' } }, 'a has no "url"', 'url and headers'],
    [{ a: {} }, 'a has no "command"', 'A program has command'],
    [{ 'my notes': { command: 'x' } }, 'cannot be the name of a server', '1 to 32 letters'],
    [{ a: { url: 'ftp://secret@x/' } }, 'a.url is no web address', 'https://'],
    [
      { a: { url: 'http://x/', headers: { Authorization: 12345678 } } },
      'Authorization is a number',
      'a text',
    ],
    [{ mcpServers: { a: { command: 'x' } }, other: 1 }, 'other is not a setting', 'mcpServers'],
    ['{"a": {"command": "x"} "b"}', ':1:24: Not JSON', 'Allowed is JSON'],
    ['[]', ':1:1: the file is []', 'braces'],
  ])('says what is wrong with %j', (content, message, hint) => {
    const error = failure(content);
    expect(error.exitCode).toBe(3);
    expect(error.message).toContain(file);
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
    expect(error.message).not.toContain('secret');
    expect(error.message).not.toContain('12345678');
  });

  it('shows what a file would start, without putting variables in', () => {
    const text = JSON.stringify({
      a: { command: 'npx', args: ['-y', 'some server', '${TOKEN}'] },
      b: { url: 'https://example.org/mcp', approval: 'never' },
      c: { command: 'c', disabled: true },
      d: { command: 'node', env: { NODE_OPTIONS: '--import /tmp/x.mjs' }, cwd: 'sub dir' },
    });
    expect(shownServers(text, file).map(({ text: shown }) => shown)).toEqual([
      'a: npx -y "some server" "${TOKEN}"\n    gets the values of your environment variables TOKEN',
      'b: https://example.org/mcp; its tools run without asking',
      'd: NODE_OPTIONS="--import /tmp/x.mjs" node (in "sub dir")',
    ]);
  });

  it('shows nothing that a terminal would obey or turn round', () => {
    const lines = (given: unknown) => shownServers(JSON.stringify(given), file).map(({ text }) => text);
    expect(lines({ a: { command: 'rm\u001b[2K\u202e', args: ['\u009b1A'] } })).toEqual([
      String.raw`a: "rm\u001b[2K\u202e" "\u009b1A"`,
    ]);
    expect(lines({ a: { url: 'https://x/\n  b: harmless' } })).toEqual([
      String.raw`a: "https://x/\n  b: harmless"`,
    ]);
    expect(() => lines({ 'a\u001b[2K': { command: 'x' } })).toThrow('cannot be the name of a server');
  });

  it('shows headers, and every variable whose value a server would get', () => {
    const [far, near] = shownServers(
      JSON.stringify({
        far: {
          url: 'https://${HOST:-example.org}/mcp?user=${USER}',
          headers: { 'X-Trace': '${TRACE_ID}', Accept: 'text/html', 'X-\u001b[2K': 'x\u202e' },
          approval: 'never',
        },
        near: { command: '${BIN}/x', args: ['${A}', '$B'], env: { T: '${A}${C:-d}' }, cwd: '${D}' },
      }),
      file,
    );
    expect(far?.text.split('\n    ')).toEqual([
      'far: "https://${HOST:-example.org}/mcp?user=${USER}"; its tools run without asking',
      'header X-Trace: "${TRACE_ID}"',
      'header Accept: text/html',
      String.raw`header "X-\u001b[2K": "x\u202e"`,
      'is sent the values of your environment variables HOST, USER, TRACE_ID',
    ]);
    expect(near?.variables).toEqual(['BIN', 'A', 'C', 'D']);
    expect(near?.text).toMatch(/gets the values of your environment variables BIN, A, C, D$/);
  });

  it('leaves out servers that use a variable that is withheld', () => {
    const given = {
      a: { url: 'https://x/mcp', headers: { H: 'Bearer ${SECRET:-none}' } },
      b: { command: 'b', args: ['${OTHER}'] },
    };
    const found = mcpServersIn(
      JSON.stringify(given),
      file,
      { SECRET: 's', OTHER: 'o' },
      (name) => name === 'SECRET',
    );
    expect(found).toMatchObject([{ name: 'b', args: ['o'] }]);
  });

  it('of a project does not get keys by being named, either', async () => {
    const text = JSON.stringify({ far: { url: 'https://x/mcp', headers: { H: '${SECRET}' } } });
    const directory = directoryWith({ '.mcp.json': text, 'mine.json': text });
    const isKey = (name: string) => name === 'SECRET';
    await expect(readMcpFile(join(directory, '.mcp.json'), { SECRET: 's' }, isKey)).rejects.toMatchObject({
      code: 'config.key-withheld',
      exitCode: 3,
      message: expect.stringContaining('the MCP server far asks for SECRET'),
    });
    expect(await readMcpFile(join(directory, 'mine.json'), { SECRET: 's' }, isKey)).toMatchObject([
      { headers: { H: 's' } },
    ]);
  });
});
