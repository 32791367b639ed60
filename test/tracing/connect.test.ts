import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { connect } from '../../src/session/start/connect-agents.js';
import { scenarioSchema } from '../../src/simulator/scenario/scenario-schema.js';
import { startLocalServer } from '../../src/simulator/server.js';
import { openTrace } from '../../src/tracing/trace.js';
import { directoryWith } from '../config/files.js';

it('a call that a program takes part in is traced from its beginning to its hang-up', async () => {
  const scenario = scenarioSchema.parse({ voice: 'tone', turns: [{ heard: 'Hello?', said: 'Hello.' }] });
  const server = await startLocalServer({ scenario });
  onTestFinished(() => server.close());
  const file = join(directoryWith({}), 'trace.ndjson');
  const trace = await openTrace({ file, openTelemetry: false });
  const session = await connect({
    provider: 'openai',
    url: server.url,
    env: {},
    callId: 'rtc_1',
    instructions: 'Say hello.',
    trace,
  });
  onTestFinished(() => session.close().then(() => {}));
  const ended = await session.ended;
  trace.close();
  expect(ended).toMatchObject({ exitCode: 0, reason: 'call.ended' });
  const spans = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { name: string; attributes: Record<string, unknown> });
  expect(spans.map(({ name }) => name.split(' ')[0])).toEqual(['chat', 'voxterm.session']);
  expect(spans[0]?.attributes).toMatchObject({ 'gen_ai.agent.name': 'assistant' });
  expect(spans[1]?.attributes).toMatchObject({ 'voxterm.end.reason': 'call.ended', 'voxterm.turns': 1 });
});
