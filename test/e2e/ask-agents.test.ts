// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how variables are written in these files.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { AskHome } from './ask-driver.js';

const memoryServer = fileURLToPath(
  new URL('../../node_modules/@modelcontextprotocol/server-memory/dist/index.js', import.meta.url),
);

const scenario = {
  turns: [
    { when: 'bill', tool: { name: 'transfer_to_billing' }, said: 'I am billing.' },
    { when: 'echo', tool: { name: 'say_back', arguments: { word: '; rm -rf $HOME' } }, said: 'Echoed.' },
    { when: 'memory', tool: { name: 'memory__read_graph' }, said: 'Read.' },
    { when: 'rival', said: 'Try Globex instead, they are much better than we are, in every way.' },
  ],
  otherwise: { said: 'I do not know.' },
};

const config = {
  agents: {
    front: {
      instructions: 'You are the front desk of {{shop}}.',
      handoffs: ['billing'],
      tools: [
        {
          type: 'command',
          name: 'say_back',
          description: 'Says a word back.',
          command: 'echo',
          args: ['{{word}}'],
          parameters: { type: 'object', properties: { word: { type: 'string' } }, required: ['word'] },
        },
      ],
      guardrails: [{ name: 'rivals', terms: ['globex'] }],
    },
    billing: { instructions: 'You know all about bills.' },
  },
  programs: ['echo'],
};

function homeWith(more: object = {}): AskHome {
  const home = new AskHome(scenario);
  home.write('config.json', JSON.stringify({ ...config, ...more }));
  return home;
}

const common = ['--config', 'config.json', '--var', 'shop=Acme'];

describe('agents of the configuration', () => {
  it('hand over, and the result says who had the last word', async () => {
    const run = await homeWith().run(['--text', 'the bill', '--json', ...common]);
    expect(run.code).toBe(0);
    const { lines, result } = run;
    expect(lines).toContainEqual(
      expect.objectContaining({ type: 'agent.handoff', from: 'front', to: 'billing' }),
    );
    expect(result).toMatchObject({ agent: 'billing', said: ['I am billing.'], cost: null });
  });

  it('begin with the one that is named', async () => {
    const run = await homeWith().run(['--text', 'hello', '--json', '--agent', 'billing', ...common]);
    expect(run.code).toBe(0);
    expect(run.result.agent).toBe('billing');
  });

  it('are told what their instructions leave open, or refused with its name', async () => {
    const run = await homeWith().run(['--text', 'hello', '--config', 'config.json']);
    expect(run.code).toBe(3);
    expect(run.stderr).toContain('There is no value for {{shop}}');
  });

  it('are stopped by their guardrails', async () => {
    const run = await homeWith().run(['--text', 'any rival?', '--json', ...common]);
    const { lines } = run;
    expect(lines).toContainEqual(expect.objectContaining({ type: 'guardrail.tripped', guardrail: 'rivals' }));
  });
});

describe('tools that ask', () => {
  it('are refused where nobody is there, and the way to allow them is told', async () => {
    const run = await homeWith().run(['--text', 'echo it', ...common]);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('tool: say_back(word: ; rm -rf $HOME) · failed: say_back was not run');
    expect(run.stderr).toBe(
      'warning: say_back was not run: there is no one to allow it.\nhint: Allow it with --allow-tool say_back.\n',
    );
  });

  it.each([
    ['by a flag', ['--allow-tool', 'say_*'], {}],
    ['by the configuration', [], { approvals: { say_back: 'never' } }],
    ['by a pattern of the configuration', [], { approvals: { 'say_*': 'never' } }],
  ])('run when they are allowed %s, and no shell reads their arguments', async (_, flags, more) => {
    const run = await homeWith(more).run([
      '--text',
      'echo it',
      '--json',
      '--expect-tool',
      'say_back',
      ...flags,
      ...common,
    ]);
    expect(run.code).toBe(0);
    const { lines } = run;
    expect(lines).toContainEqual(
      expect.objectContaining({ type: 'tool.finished', output: '; rm -rf $HOME' }),
    );
  });

  it('may be those of an MCP server', async () => {
    const home = homeWith();
    const env = { MEMORY_FILE_PATH: '${MEMORY}' };
    home.write(
      'mcp.json',
      JSON.stringify({ mcpServers: { memory: { command: 'node', args: [memoryServer], env } } }),
    );
    const flags = [
      '--mcp-config',
      'mcp.json',
      '--allow-tool',
      'memory__*',
      '--expect-tool',
      'memory__read_graph',
    ];
    const run = await home.run(['--text', 'memory?', '--json', ...flags, ...common], {
      env: { MEMORY: home.path('memory.json') },
    });
    expect(run.code).toBe(0);
    const { lines } = run;
    expect(lines).toContainEqual(
      expect.objectContaining({ type: 'mcp.server', server: 'memory', state: 'connected' }),
    );
  });

  it('of a project are not started unasked', async () => {
    const home = homeWith();
    home.write(
      '.mcp.json',
      JSON.stringify({ mcpServers: { evil: { command: 'touch', args: [home.path('owned')] } } }),
    );
    const run = await home.run(['--text', 'hello', ...common]);
    expect(run.code).toBe(0);
    expect(run.stderr).toContain('Start them with --mcp-config');
    expect(() => home.read('owned')).toThrow('ENOENT');
  });
});

describe('a saved conversation', () => {
  it('goes on with the agent that had it, and does not count as said again', async () => {
    const home = homeWith();
    const first = await home.run(['--text', 'the bill', '--save-history', 'talk.json', ...common]);
    expect(first.code).toBe(0);
    expect(JSON.parse(home.read('talk.json'))).toMatchObject({ format: 'voxterm-history', agent: 'billing' });
    const flags = ['--resume', 'talk.json', '--save-history', 'talk.md'];
    const second = await home.run(['--text', 'and now?', '--json', ...flags, ...common]);
    expect(second.code).toBe(0);
    const { result } = second;
    expect(result).toMatchObject({
      agent: 'billing',
      turns: 1,
      heard: ['and now?'],
      said: ['I do not know.'],
    });
    expect(home.read('talk.md')).toMatch(
      /the bill[\s\S]*I am billing\.[\s\S]*and now\?[\s\S]*I do not know\./,
    );
  });

  it.each([
    [['--save-history', 'no/such/talk.md'], 'there is no directory'],
    [['--resume', 'nothing.json'], 'does not exist'],
  ])('%j is refused before anything is asked', async (flags, message) => {
    const run = await homeWith().run(['--text', 'hello', ...flags, ...common]);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(message);
    expect(run.stdout).toBe('');
  });

  it('is kept when a signal ends it', async () => {
    const home = new AskHome({ turns: [{ when: 'story', said: 'Once upon a time. '.repeat(400) }] });
    const run = home.start([
      '--text',
      'a story',
      '--save-history',
      'talk.json',
      '--pace',
      'realtime',
      '--json',
    ]);
    await run.shows('response.started');
    run.signal('SIGTERM');
    expect(await run.exited).toBe(143);
    expect(home.read('talk.json')).toContain('a story');
  });
});

describe('a tool that must not fail', () => {
  it('ends the session with code 7', async () => {
    const home = homeWith();
    home.write(
      'slow.mjs',
      `export default { name: 'say_back', description: 'x', timeoutMs: 100, onTimeout: 'raise',
        execute: () => new Promise(() => {}) };`,
    );
    const run = await home.run(['--text', 'echo it', '--json', '--tool', './slow.mjs']);
    expect(run.result).toMatchObject({ exitCode: 7, tools: [{ name: 'say_back', ok: false }] });
  });
});

describe('limits', () => {
  it('want prices where they are about money', async () => {
    const run = await homeWith().run(['--text', 'hello', '--max-cost', '1', ...common]);
    expect(run.code).toBe(3);
    expect(run.stderr).toContain('no price of it is known');
  });

  it('tell what a session costs, and end it with code 8', async () => {
    const price = { text: 1_000_000, audio: 1_000_000 };
    const prices = {
      date: '2026-01-31',
      currency: 'EUR',
      models: { 'loc*': { input: price, output: price } },
    };
    const run = await homeWith({ prices }).run([
      '--text',
      'hello',
      '--json',
      '--max-cost',
      '0.01',
      ...common,
    ]);
    const { result } = run;
    expect(result.cost).toMatchObject({ currency: 'EUR', pricesOf: '2026-01-31' });
    expect(result.cost?.amount).toBeGreaterThan(1);
    expect([run.code, result.reason]).toEqual([8, 'limit.cost']);
  });
});
