// The client under test: the MCP servers and the tool runner of a session, from the source. The suite calls it
// with the address of its server, and names the scenario.
import { createMcpServers } from '../../src/tools/mcp/mcp-servers.js';
import { createToolRunner } from '../../src/tools/tool-runner.js';

const url = process.argv.at(-1);
const scenario = process.env.MCP_CONFORMANCE_SCENARIO;
const { toolCalls } = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}');

const servers = createMcpServers([{ name: 'suite', url }], {
  env: process.env,
  version: '1.0.0',
  log: (line) => console.error(line),
});
servers.onEvent = (event) => console.error(JSON.stringify(event));

const tools = await servers.tools(['suite']);
const allowed = tools.map((tool) => ({ ...tool, approval: 'never' }));
const runner = createToolRunner(allowed, { env: {} });

// What the suite wants sent is sent as it is, even what our check of arguments would refuse.
for (const { name, arguments: args } of toolCalls ?? []) {
  const signal = AbortSignal.timeout(20_000);
  const context = { signal, callId: 'c', env: {}, context: undefined, progress() {} };
  const tool = tools.find((each) => each.name === `suite__${name}`);
  console.error(name, await tool.execute(args, context));
}

const chosen = toolCalls === undefined ? callsOf(scenario) : [];
for (const [index, { name, arguments: args }] of chosen.entries()) {
  const outcome = await runner.run({ callId: `c${index}`, name, arguments: JSON.stringify(args) });
  console.error(name, JSON.stringify(outcome));
  // The server of this scenario has a tool that it does not run: only its schema matters.
  if (outcome.kind !== 'finished' && scenario !== 'json-schema-ref-no-deref') process.exitCode = 1;
}
await servers.close();

/** What a model would call: the tools of the scenario, with arguments that fit. */
function callsOf(scenario) {
  if (scenario === 'initialize') return [];
  if (scenario === 'json-schema-2020-12-preservation') {
    const rich = tools.find(({ name }) => !/echo/.test(name));
    const echo = tools.find(({ name }) => /echo/.test(name));
    return [{ name: echo?.name, arguments: { schema: rich?.parameters } }];
  }
  return tools.map(({ name, parameters }) => ({ name, arguments: argumentsFor(parameters) }));
}

function argumentsFor({ properties = {} }) {
  const values = { string: 'text', integer: 3, number: 5, boolean: true, array: [], object: {} };
  return Object.fromEntries(
    Object.entries(properties).map(([name, { type }]) => [name, values[type] ?? 'text']),
  );
}
