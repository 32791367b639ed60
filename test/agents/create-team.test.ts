import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Agent, defineAgent, handoff } from '../../src/agents/agent.js';
import { createTeam, type TeamOptions } from '../../src/agents/create-team.js';
import { defineTool } from '../../src/tools/definition/define-tool.js';
import type { McpServers } from '../../src/tools/mcp/mcp-server.js';

function tool(name: string, answer: unknown = name) {
  return defineTool({ name, description: `Does ${name}.`, execute: () => answer });
}

function team(options: Omit<TeamOptions, 'toolOptions'> & { context?: unknown }) {
  const { context, ...rest } = options;
  return createTeam({ ...rest, toolOptions: { env: {}, context, language: 'en' } });
}

function call(name: string, callId = name, responseId = 'r1', args = '{}') {
  return { callId, name, responseId, arguments: args };
}

function names({ tools }: ReturnType<typeof team>): string[] {
  return tools.specs.map((spec) => spec.name);
}

const billing = defineAgent({
  name: 'billing',
  instructions: 'You are {{agent}}.',
  handoffDescription: 'Knows invoices.',
  tools: [tool('refund')],
  voice: 'cedar',
});
const front = defineAgent({
  name: 'front desk',
  instructions: 'Greet.',
  tools: [tool('get_hours')],
  handoffs: [billing],
});

describe('createTeam', () => {
  it('merges the settings of session and agent; the agent wins where there can be only one', async () => {
    const all = { name: 'all', check: () => false };
    const own = { name: 'own', check: () => false };
    const agents = team({
      agent: { ...front, outputGuardrails: [own, all] },
      settings: { voice: 'marin', speed: 1.1 },
      instructions: 'Be brief.',
      tools: [tool('get_time')],
      outputGuardrails: [all],
    });
    const persona = await agents.start();
    expect(persona).toEqual({
      agent: 'front desk',
      settings: { voice: 'marin', speed: 1.1, instructions: 'Greet.' },
    });
    expect(names(agents)).toEqual(['get_time', 'get_hours', 'transfer_to_billing']);
    expect(agents.guardrails).toEqual([all, own]);
  });

  it('hands over with the outcome of the transfer call, which has everything the model needs', async () => {
    const agents = team({ agent: front, settings: { voice: 'marin' }, tools: [tool('get_time')] });
    await agents.start();
    expect(agents.tools.specs.at(-1)?.description).toBe('Hand over to billing. Knows invoices.');
    const outcome = await agents.tools.run(call('transfer_to_billing'));
    expect(outcome).toMatchObject({
      kind: 'finished',
      output: expect.stringContaining('you are billing now'),
      handoff: {
        from: 'front desk',
        to: 'billing',
        settings: {
          voice: 'cedar',
          instructions: 'You are billing.',
          tools: [{ name: 'get_time' }, { name: 'refund' }],
        },
      },
    });
    expect(agents.current.name).toBe('billing');
    expect(names(agents)).toEqual(['get_time', 'refund']);
  });

  it('lets the first of two transfers win and fails the second with a message, at once or later', async () => {
    const lawyer: Agent = { name: 'lawyer' };
    const agents = team({ agent: { ...front, handoffs: [billing, lawyer] } });
    await agents.start();
    const [first, second] = await Promise.all([
      agents.tools.run(call('transfer_to_billing')),
      agents.tools.run(call('transfer_to_lawyer')),
    ]);
    expect(first).toMatchObject({ handoff: { to: 'billing' } });
    expect(second).toMatchObject({ kind: 'failed', code: 'handoff.late' });
    expect(agents.current.name).toBe('billing');
    const third = await agents.tools.run(call('transfer_to_lawyer', 'again'));
    expect(third).toMatchObject({ kind: 'failed', code: 'handoff.late' });
  });

  it('does not treat a second transfer of the same answer as one by the new agent', async () => {
    const lawyer: Agent = { name: 'lawyer' };
    const desk: Agent = { name: 'desk', handoffs: [{ ...billing, handoffs: [lawyer] }, lawyer] };
    const agents = team({ agent: desk });
    await agents.start();
    await agents.tools.run(call('transfer_to_billing', 'c1', 'r1'));
    expect(await agents.tools.run(call('transfer_to_lawyer', 'c2', 'r1'))).toMatchObject({
      code: 'handoff.late',
    });
    expect(await agents.tools.run(call('transfer_to_lawyer', 'c3', 'r2'))).toMatchObject({
      handoff: { from: 'billing', to: 'lawyer' },
    });
  });

  it('runs a call of the answer that handed over with the tools of the agent that made it', async () => {
    const one: Agent = { name: 'one', tools: [tool('look', 'old')] };
    const two: Agent = { name: 'two', tools: [tool('look', 'new')] };
    const agents = team({ agent: { ...one, handoffs: [two] } });
    await agents.start();
    await agents.tools.run(call('transfer_to_two', 'c1', 'r1'));
    expect(await agents.tools.run(call('look', 'c2', 'r1'))).toMatchObject({ output: 'old' });
    expect(await agents.tools.run(call('look', 'c3', 'r2'))).toMatchObject({ output: 'new' });
    expect(await agents.tools.run(call('look', 'c2', 'r2'))).toMatchObject({ output: 'old' });
  });

  it('still runs a tool of the previous agent, whose answer made its first call late', async () => {
    const agents = team({ agent: front });
    await agents.start();
    await agents.tools.run(call('transfer_to_billing', 'c1', 'r1'));
    const late = { ...call('get_hours', 'c2', 'r0'), agent: front.name };
    expect(await agents.tools.run(late)).toMatchObject({ output: 'get_hours' });
  });

  it('has no tool of an earlier agent for an answer of the next one', async () => {
    const agents = team({ agent: front });
    await agents.start();
    await agents.tools.run({ ...call('transfer_to_billing', 'c1', 'r1'), agent: front.name });
    const unknown = { kind: 'failed', code: 'tool.unknown' };
    const next = { ...call('get_hours', 'c2', 'r2'), agent: billing.name };
    expect(await agents.tools.run(next)).toMatchObject(unknown);
    // An answer that tells nothing of its agent began after the handoff.
    expect(await agents.tools.run(call('get_hours', 'c3', 'r3'))).toMatchObject(unknown);
  });

  it('has the tools of the next agent for an answer that goes on after its own handoff', async () => {
    const agents = team({ agent: front });
    await agents.start();
    await agents.tools.run({ ...call('transfer_to_billing', 'c1', 'r1'), agent: front.name });
    const onward = { ...call('refund', 'c2', 'r1'), agent: front.name };
    expect(await agents.tools.run(onward)).toMatchObject({ output: 'refund' });
  });

  it('follows handoffs in a circle', async () => {
    const a: Agent = { name: 'a', handoffs: () => [b] };
    const b: Agent = { name: 'b', handoffs: () => [a] };
    const agents = team({ agent: a });
    expect(agents.agents.map(({ name }) => name)).toEqual(['a', 'b']);
    await agents.start();
    await agents.tools.run(call('transfer_to_b', 'c1', 'r1'));
    await agents.tools.run(call('transfer_to_a', 'c2', 'r2'));
    expect(agents.current).toBe(a);
  });

  it('offers a handoff only when it is enabled, evaluated when its agent takes over', async () => {
    let open = false;
    const desk: Agent = { name: 'desk', handoffs: [handoff(billing, { enabled: () => open })] };
    const agents = team({ agent: desk });
    await agents.start();
    expect(names(agents)).toEqual([]);
    open = true;
    await agents.switchTo(desk);
    expect(names(agents)).toEqual(['transfer_to_billing']);
  });

  it('calls the callback first, with the arguments of the model, and keeps the agent when it throws', async () => {
    const onHandoff = vi.fn();
    const parameters = { type: 'object', properties: { reason: { type: 'string' } }, required: ['reason'] };
    const way = handoff(billing, { toolName: 'to_money', toolDescription: 'Money.', parameters, onHandoff });
    const agents = team({ agent: { name: 'desk', handoffs: [way] }, context: { user: 7 } });
    await agents.start();
    expect(agents.tools.specs).toMatchObject([{ name: 'to_money', description: 'Money.', parameters }]);
    expect(await agents.tools.run(call('to_money', 'c1'))).toMatchObject({ code: 'arguments.invalid' });
    onHandoff.mockRejectedValueOnce(new Error('the office is closed'));
    const refused = await agents.tools.run(call('to_money', 'c2', 'r1', '{"reason":"bill"}'));
    expect(refused).toMatchObject({ kind: 'failed', message: 'the office is closed' });
    expect(agents.current.name).toBe('desk');
    await agents.tools.run(call('to_money', 'c3', 'r1', '{"reason":"bill"}'));
    expect(onHandoff).toHaveBeenLastCalledWith(
      { reason: 'bill' },
      { context: { user: 7 }, agent: 'desk', language: 'en' },
    );
    expect(agents.current.name).toBe('billing');
  });

  it('tells the model to stop when agents keep handing over and the user says nothing', async () => {
    const there: Agent = { name: 'there', handoffs: () => [here] };
    const here: Agent = { name: 'here', handoffs: [there] };
    const agents = team({ agent: here });
    await agents.start();
    const go = (turn: number) =>
      agents.tools.run(
        call(`transfer_to_${agents.current === here ? 'there' : 'here'}`, `c${turn}`, `r${turn}`),
      );
    for (let turn = 1; turn <= 10; turn += 1) expect(await go(turn)).toHaveProperty('handoff');
    expect(await go(11)).toMatchObject({ kind: 'failed', code: 'handoff.circle' });
    agents.userSpoke();
    expect(await go(12)).toHaveProperty('handoff');
  });

  it('fails a handoff whose callback never returns, with a message', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const forever = { onHandoff: () => new Promise(() => {}) };
    const agents = team({
      agent: { name: 'desk', handoffs: [handoff(billing, forever), { name: 'other' }] },
    });
    await agents.start();
    const stuck = agents.tools.run(call('transfer_to_billing'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await stuck).toMatchObject({
      kind: 'failed',
      message: 'onHandoff to billing did not answer within 10 s.',
    });
    expect(await agents.tools.run(call('transfer_to_other', 'c2', 'r2'))).toHaveProperty('handoff');
  });

  it.each([
    ['null', { agent: JSON.parse('null') }, 'Expected an agent, got null.'],
    ['a text', { agent: JSON.parse('"desk"') }, 'Expected an agent, got a value of type string.'],
    [
      'a handoff to null',
      { agent: { name: 'a', handoffs: [JSON.parse('null')] } },
      'Expected an agent, got null.',
    ],
    ['no name', { agent: JSON.parse('{}') }, 'Invalid agent name: a value of type undefined.'],
    [
      'a guardrail that checks nothing',
      { agent: { name: 'a', outputGuardrails: [JSON.parse('{"name":"x"}')] } },
      '`outputGuardrails` of agent "a": expected objects with `name` and `check`.',
    ],
    [
      'one of all agents',
      { agent: { name: 'a' }, outputGuardrails: [JSON.parse('null')] },
      '`outputGuardrails` of the session: expected objects with `name` and `check`.',
    ],
  ])('reports %s before the start', (_what, options, message) => {
    expect(() => team(options)).toThrow(expect.objectContaining({ exitCode: 3, message }));
  });

  it('names the handoff whose condition fails', async () => {
    const enabled = () => {
      throw new Error('no opening hours');
    };
    const agents = team({ agent: { name: 'desk', handoffs: [handoff(billing, { enabled })] } });
    await expect(agents.start()).rejects.toMatchObject({
      exitCode: 3,
      message: '"enabled" of the handoff to "billing" failed: no opening hours',
    });
  });

  it('keeps the agent when a handoff is cancelled before it is complete', async () => {
    let release = () => {};
    const onHandoff = () => new Promise<void>((resolve) => (release = resolve));
    const agents = team({ agent: { name: 'desk', handoffs: [handoff(billing, { onHandoff })] } });
    await agents.start();
    const outcome = agents.tools.run(call('transfer_to_billing', 'c1'));
    await vi.waitFor(() => expect(release).not.toBe(undefined));
    agents.tools.cancel('c1', 'the user interrupted');
    expect(await outcome).toMatchObject({ kind: 'failed', code: 'cancelled' });
    release();
    await Promise.resolve();
    expect(agents.current.name).toBe('desk');
    const again = agents.tools.run(call('transfer_to_billing', 'c2', 'r2'));
    await new Promise((resolve) => setImmediate(resolve));
    release();
    expect(await again).toMatchObject({ handoff: { to: 'billing' } });
  });

  it('does not let the model hand over when the program has changed the agent meanwhile', async () => {
    let release = () => {};
    const onHandoff = () => new Promise<void>((resolve) => (release = resolve));
    const agents = team({ agent: { name: 'desk', handoffs: [handoff(billing, { onHandoff })] } });
    await agents.start();
    const outcome = agents.tools.run(call('transfer_to_billing'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(await agents.switchTo({ name: 'boss' })).toMatchObject({ agent: 'boss', from: 'desk' });
    release();
    expect(await outcome).toMatchObject({ kind: 'failed', code: 'handoff.late' });
    expect(agents.current.name).toBe('boss');
  });

  it('lets the program change the agent, even to another version of the same one', async () => {
    const agents = team({ agent: front });
    await agents.start();
    const back: Agent = { name: 'back', handoffs: [front] };
    const persona = await agents.switchTo({ ...front, instructions: 'Now be formal.', handoffs: [back] });
    expect(persona.settings.instructions).toBe('Now be formal.');
    await agents.tools.run(call('transfer_to_back', 'c1', 'r1'));
    await agents.tools.run(call('transfer_to_front_desk', 'c2', 'r2'));
    expect(agents.current.instructions).toBe('Now be formal.');
  });

  it.each<[string, Agent, RegExp]>([
    [
      'two agents of one name',
      { name: 'a', handoffs: [{ name: 'b' }, { name: 'b' }] },
      /Two agents are named "b"/,
    ],
    ['an empty name', { name: ' ' }, /Invalid agent name: " "/],
    ['a name that is too long', { name: 'a', handoffs: [{ name: 'x'.repeat(60) }] }, /no model can call/],
    [
      'two handoffs of one name',
      { name: 'a', handoffs: [{ name: 'b c' }, { name: 'b_c' }] },
      /two handoffs named transfer_to_b_c/,
    ],
    [
      'an invalid tool of another agent',
      { name: 'a', handoffs: [{ name: 'b', tools: [{ ...tool('x'), name: 'no name' }] }] },
      /no name/,
    ],
    [
      'a tool named like a handoff',
      { name: 'a', tools: [tool('transfer_to_b')], handoffs: [{ name: 'b' }] },
      /one is from agent "a", one from the handoffs of agent "a"/,
    ],
  ])('rejects %s before the start', (_what, agent, message) => {
    expect(() => team({ agent })).toThrow(message);
  });

  it('says where two tools of one name come from, and accepts the same tool twice', async () => {
    expect(() => team({ agent: front, tools: [tool('get_hours')] })).toThrow(
      'Two tools are named "get_hours": one is from the session, one from agent "front desk".',
    );
    const shared = tool('shared');
    const agents = team({ agent: { name: 'a', tools: [shared] }, tools: [shared] });
    await agents.start();
    expect(names(agents)).toEqual(['shared']);
  });

  it('reports before the start that the instructions of a later agent lack a value', async () => {
    const later: Agent = { name: 'later', instructions: 'For {{customer}}.' };
    await expect(team({ agent: { name: 'a', handoffs: [later] } }).start()).rejects.toMatchObject({
      exitCode: 3,
      message: 'There is no value for {{customer}} in the instructions of agent "later".',
    });
  });
});

describe('MCP servers of a team', () => {
  function servers() {
    let offered = ['add'];
    const made: string[][] = [];
    const asked: string[][] = [];
    const live: McpServers[] = [];
    const create: NonNullable<TeamOptions['createMcpServers']> = async (options) => {
      made.push(options.map(({ name }) => name));
      const group: McpServers = {
        names: options.map(({ name }) => name),
        tools: async (wanted) => {
          asked.push([...wanted]);
          return wanted.flatMap((name) => offered.map((each) => tool(`${name}__${each}`)));
        },
        onToolsChanged: undefined,
        onEvent: undefined,
        close: vi.fn(async () => {}),
      };
      live.push(group);
      return group;
    };
    return { create, made, asked, live, offer: (...list: string[]) => (offered = list) };
  }
  const files = { name: 'files', command: 'files' };
  const sums = { name: 'sums', command: 'sums' };

  it('connects to a server when the first agent that has it takes over', async () => {
    const { create, made, asked, live } = servers();
    const clerk: Agent = { name: 'clerk', mcpServers: [{ ...files }, sums] };
    const agents = team({
      agent: { name: 'a', handoffs: [clerk] },
      mcpServers: [files],
      createMcpServers: create,
    });
    expect(made).toEqual([]);
    await agents.start();
    expect(made).toEqual([['files', 'sums']]);
    expect(asked).toEqual([['files']]);
    expect(names(agents)).toEqual(['files__add', 'transfer_to_clerk']);
    await agents.tools.run(call('transfer_to_clerk'));
    expect(asked).toEqual([['files'], ['files', 'sums']]);
    expect(made).toHaveLength(1);
    expect(names(agents)).toEqual(['files__add', 'sums__add']);
    await agents.close();
    for (const group of live) expect(group.close).toHaveBeenCalledOnce();
  });

  it('updates the tools when a server of the current agent changes them', async () => {
    const { create, live, offer } = servers();
    const agents = team({ agent: { name: 'a', mcpServers: [files] }, createMcpServers: create });
    await agents.start();
    const changed = vi.fn();
    agents.onChanged = changed;
    offer('add', 'subtract');
    live[0]?.onToolsChanged?.('files');
    await vi.waitFor(() => expect(changed).toHaveBeenCalledWith({ agent: 'a', settings: {} }));
    expect(names(agents)).toEqual(['files__add', 'files__subtract']);
  });

  it('notices tools that changed while their agent was being prepared', async () => {
    const { create, live, offer } = servers();
    let release = () => {};
    const instructions = () => new Promise<string>((resolve) => (release = () => resolve('Sum up.')));
    const clerk: Agent = { name: 'clerk', instructions, mcpServers: [sums] };
    const agents = team({
      agent: { name: 'a', handoffs: [clerk] },
      mcpServers: [files],
      createMcpServers: create,
    });
    await agents.start();
    const outcome = agents.tools.run(call('transfer_to_clerk'));
    await new Promise((resolve) => setImmediate(resolve));
    offer('subtract');
    live[0]?.onToolsChanged?.('sums');
    release();
    await outcome;
    await vi.waitFor(() => expect(names(agents)).toEqual(['files__subtract', 'sums__subtract']));
  });

  it('keeps events until there is a listener', async () => {
    const { create, live } = servers();
    const agents = team({ agent: { name: 'a', mcpServers: [files] }, createMcpServers: create });
    await agents.start();
    live[0]?.onEvent?.({ server: 'files', state: 'connected', tools: ['files__add'] });
    const heard: unknown[] = [];
    agents.onServer = (event) => heard.push(event);
    expect(heard).toEqual([{ server: 'files', state: 'connected', tools: ['files__add'] }]);
  });
});
