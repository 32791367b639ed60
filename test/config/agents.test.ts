import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveSettings } from '../../src/config/load.js';
import type { CommonFlags } from '../../src/config/settings.js';
import { VoxtermError } from '../../src/contract/failure.js';
import { directoryWith, environmentIn } from './files.js';

function withFile(text: string, flags: CommonFlags = {}, env: Record<string, string> = {}) {
  const directory = directoryWith({
    'voxterm/config.json': text,
    'voxterm/billing.md': 'Ask for the bill.\n',
  });
  const settings = resolveSettings(flags, environmentIn(directory, env), { directory });
  return { directory, settings };
}

async function failureOf(text: string, flags: CommonFlags = {}, env: Record<string, string> = {}) {
  const error: unknown = await withFile(text, flags, env).settings.catch((reason: unknown) => reason);
  if (!(error instanceof VoxtermError)) throw new Error(`expected a VoxtermError, got ${String(error)}`);
  return error;
}

const agents = `{
  "front": { "instructions": "Greet.", "handoffs": ["billing", { "agent": "front", "toolName": "back" }] },
  "billing": { "instructions": "@billing.md", "voice": "cedar", "tools": ["./bill.mjs"] }
}`;

describe('agents', () => {
  it('are read with their files, and the first one begins', async () => {
    const { directory, settings } = withFile(`{"agents": ${agents}}`);
    const { team, tools } = await settings;
    expect(team.start).toBe('front');
    expect(team.agents.billing).toEqual({
      instructions: 'Ask for the bill.',
      voice: 'cedar',
      tools: [join(directory, 'voxterm/bill.mjs')],
    });
    // Tools that everybody has by default belong to nobody where there are agents.
    expect(tools).toEqual([]);
  });

  it('begin with the one that is named, and have the tools that are named for all', async () => {
    const { settings } = withFile(`{"agents": ${agents}, "tools": ["get_time"]}`, { agent: 'billing' });
    const { team, tools } = await settings;
    expect([team.start, tools]).toEqual(['billing', ['get_time']]);
  });

  it('say who begins a new talk, while an earlier one goes on unless somebody is named now', async () => {
    const file = `{"agents": ${agents}, "agent": "billing"}`;
    const named = async (flags: CommonFlags = {}, env: Record<string, string> = {}) =>
      (await withFile(file, flags, env).settings).team.startNamed;
    expect(await named()).toBe(false);
    expect(await named({ agent: 'front' })).toBe(true);
    expect(await named({}, { VOXTERM_AGENT: 'front' })).toBe(true);
  });

  it.each([
    [
      '{"agents": {"front": {}}}',
      { agent: 'fornt' },
      2,
      '--agent is "fornt", which is no agent.',
      'Did you mean front? Agents: front.',
    ],
    [
      '{}',
      { agent: 'front' },
      2,
      '--agent is "front", which is no agent.',
      'There are none in the configuration',
    ],
    [
      '{"agent": "x", "agents": {"front": {}}}',
      {},
      3,
      ':1:11: agent is "x", which is no agent.',
      'Agents: front.',
    ],
    [
      '{"agents": {"front": {"handoffs": ["biling"]}, "billing": {}}}',
      {},
      3,
      ':1:36: agents.front.handoffs.0 is "biling", which is no agent.',
      'Did you mean billing?',
    ],
    [
      '{"agents": {"front": {"handoffs": [{"agent": "b"}]}}}',
      {},
      3,
      ':1:46: agents.front.handoffs.0.agent is "b"',
      'Agents: front.',
    ],
    [
      '{"agents": {"front": {"handoffs": [{"agnt": "b"}]}}}',
      {},
      3,
      'agents.front.handoffs.0.agnt is not a setting.',
      'Did you mean agent?',
    ],
    [
      '{"agents": {"front": {"voise": "x"}}}',
      {},
      3,
      ':1:23: agents.front.voise is not a setting.',
      'Did you mean voice?',
    ],
    [
      '{"guardrails": [{"name": "x"}]}',
      {},
      3,
      ':1:17: guardrails.0 needs either "terms" or "pattern".',
      'Write',
    ],
    [
      '{"guardrails": [{"name": "x", "pattern": "("}]}',
      {},
      3,
      'guardrails.0.pattern is not a regular expression.',
      'JavaScript',
    ],
    [
      '{"guardrails": [{"name": "x", "terms": ["a"], "flags": "i"}]}',
      {},
      3,
      'guardrails.0.flags is for a "pattern".',
      'any case',
    ],
    [
      '{"historyLimit": {"turns": 3, "tokens": 500}}',
      {},
      3,
      ':1:18: historyLimit needs either',
      '{"turns": 20}',
    ],
    [
      '{"tools": [{"type": "command", "name": "x", "description": "y"}]}',
      {},
      3,
      'tools.0.command is missing.',
      'Allowed: a text',
    ],
    [
      '{"tools": [{"type": "command", "name": "x", "description": "y", "comand": "z"}]}',
      {},
      3,
      'tools.0',
      '',
    ],
    ['{"tools": [5]}', {}, 3, ':1:12: tools.0 is 5.', 'a text that is not empty, or an object in braces'],
    ['{"approvals": {"x": "sometimes"}}', {}, 3, 'approvals.x is "sometimes".', 'never, ask, always'],
  ] as const)('%s is refused with its place', async (text, flags, exitCode, message, hint) => {
    const error = await failureOf(text, flags);
    expect(error.exitCode).toBe(exitCode);
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
  });
});

describe('flags and variables', () => {
  it('set limits, variables, allowed tools and files', async () => {
    const flags = {
      maxCost: '0.5',
      maxTurns: '3',
      var: ['name=Ada=1'],
      allowTool: ['a', 'b'],
      trace: 't.json',
    };
    const env = {
      VOXTERM_MAX_DURATION: '90',
      VOXTERM_VARIABLES: 'name=Bob, city=Bonn',
      VOXTERM_AGENT: 'front',
    };
    const { directory, settings } = withFile(
      `{"agents": ${agents}, "variables": {"shop": "Acme"}}`,
      flags,
      env,
    );
    const { conversation, team, trace } = await settings;
    expect(conversation.limits).toEqual({ maxCost: 0.5, maxTurns: 3, maxDurationMs: 90_000 });
    expect(team.variables).toEqual({ name: 'Ada=1', city: 'Bonn', shop: 'Acme' });
    expect(team.allowTools).toEqual(['a', 'b']);
    expect([team.start, trace]).toEqual(['front', join(directory, 't.json')]);
  });

  it.each([
    [{ maxCost: 'much' }, '--max-cost is "much".', 'a number from 0'],
    [{ maxTurns: '1.5' }, '--max-turns is 1.5.', 'a whole number'],
    [{ maxDuration: '' }, '--max-duration is "".', 'a number from 1 to 604800'],
    [{ var: ['name'] }, '--var is "name".', 'NAME=VALUE'],
  ])('%j is refused', async (flags, message, hint) => {
    const error = await failureOf('{}', flags);
    expect([error.message, error.exitCode]).toEqual([message, 2]);
    expect(error.hint).toContain(hint);
  });
});

describe('MCP servers', () => {
  it('come from every place, each name from the strongest', async () => {
    const directory = directoryWith({
      'voxterm/config.json':
        '{"mcpServers": {"disk": {"command": "own"}, "web": {"url": "https://example.org"}}}',
      'named.json': '{"mcpServers": {"disk": {"command": "named"}}}',
    });
    const { team } = await resolveSettings({ config: 'named.json' }, environmentIn(directory), { directory });
    expect(team.mcpSources.map(({ section, origin }) => [section, origin.directory])).toEqual([
      [{ disk: { command: 'named' } }, directory],
      [{ web: { url: 'https://example.org' } }, join(directory, 'voxterm')],
    ]);
  });
});
