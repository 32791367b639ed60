import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { VoxtermError } from '../../src/contract/failure.js';
import { openTrace } from '../../src/tracing/trace.js';
import { directoryWith } from '../config/files.js';
import { holdTalk, startedAt, TracedSession, words } from './traced-session.js';

interface Line {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly status: { readonly code: string; readonly message?: string };
}

const hooks = new URL('../typescript-hooks.mjs', import.meta.url).href;
const program = fileURLToPath(new URL('killed-program.ts', import.meta.url));

const nobody = async () => undefined;

function linesOf(file: string): Line[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

async function traced(content = false): Promise<{ lines: Line[]; text: string }> {
  const file = join(directoryWith({}), 'trace.ndjson');
  const trace = await openTrace({ file, content }, nobody);
  const session = new TracedSession();
  trace.follow(session);
  holdTalk(session);
  trace.close();
  return { lines: linesOf(file), text: readFileSync(file, 'utf8') };
}

describe('a trace file', () => {
  it('counts no turns of an earlier session, and all tokens, however late they are told', async () => {
    const file = join(directoryWith({}), 'trace.ndjson');
    const trace = await openTrace({ file }, nobody);
    const session = new TracedSession();
    trace.follow(session);
    const turn = (itemId: string) =>
      ({
        type: 'history.updated',
        change: 'added',
        item: { kind: 'message', itemId, role: 'user', text: 'Hello', state: 'done' },
        index: 0,
      }) as const;
    const count = { text: 3, audio: 4, image: 0, cached: 0 };
    const usage = { input: count, output: count, total: 14 };
    session.at(0, turn('earlier_u'));
    session.at(10, {
      type: 'session.ready',
      provider: 'fake',
      model: 'fake-1',
      sessionId: 's1',
      inputRateHz: 24_000,
      outputRateHz: 24_000,
    });
    session.at(20, turn('u'), { type: 'response.started', responseId: 'r' });
    session.at(30, { type: 'response.done', responseId: 'r', status: 'completed' });
    session.at(40, { type: 'usage', usage, session: usage });
    trace.close();
    const [response, whole] = linesOf(file);
    expect(response?.attributes).not.toHaveProperty('gen_ai.usage.input_tokens');
    expect(whole?.attributes).toMatchObject({
      'voxterm.turns': 1,
      'voxterm.session.input_tokens': 7,
      'voxterm.session.output_tokens': 7,
    });
  });

  it('has one line for each thing that took place, when it ended, all in one trace', async () => {
    const { lines } = await traced();
    expect(lines.map(({ name }) => name)).toEqual([
      'approval lookup',
      'execute_tool lookup',
      'chat fake-1',
      'interruption',
      'handoff billing',
      'guardrail no-prices',
      'chat fake-1',
      'execute_tool broken',
      'reconnect',
      'voxterm.session',
    ]);
    expect(new Set(lines.map(({ traceId }) => traceId)).size).toBe(1);
    expect(new Set(lines.map(({ spanId }) => spanId)).size).toBe(lines.length);
    for (const { traceId, spanId } of lines) {
      expect(traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(spanId).toMatch(/^[0-9a-f]{16}$/);
    }
  });

  it('says when, in Unix time, and what belongs to what', async () => {
    const { lines } = await traced();
    const named = (name: string) => lines.find((line) => line.name === name);
    const session = named('voxterm.session');
    const epoch = startedAt.getTime();
    expect(session).toMatchObject({ startMs: epoch, endMs: epoch + 4000, status: { code: 'ok' } });
    expect(session?.parentSpanId).toBeUndefined();
    expect(session?.attributes).toMatchObject({ 'gen_ai.conversation.id': 's1', 'voxterm.exit.code': 0 });
    expect(named('chat fake-1')).toMatchObject({
      kind: 'client',
      startMs: epoch + 1100,
      endMs: epoch + 2500,
      parentSpanId: session?.spanId,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.agent.name': 'front',
        'gen_ai.response.id': 'r1',
        'gen_ai.response.finish_reasons': ['stop'],
        'gen_ai.usage.input_tokens': 100,
        'gen_ai.usage.output_tokens': 20,
        'voxterm.response.first_audio_ms': 350,
        'voxterm.cost': 0.25,
      },
    });
    expect(named('approval lookup')).toMatchObject({
      startMs: epoch + 1200,
      endMs: epoch + 1700,
      attributes: { 'voxterm.approval': 'allowed', 'gen_ai.tool.call.id': 'c1' },
    });
    expect(named('interruption')).toMatchObject({
      startMs: epoch + 2600,
      endMs: epoch + 2650,
      parentSpanId: named('chat fake-1')?.spanId,
      attributes: { 'voxterm.interruption.by': 'speech', 'voxterm.interruption.heard_ms': 90 },
    });
    expect(named('execute_tool broken')?.status).toEqual({ code: 'error', message: 'tool.timeout' });
    const [, second] = lines.filter(({ name }) => name === 'chat fake-1');
    expect(second?.status).toEqual({ code: 'error', message: 'server_error' });
    expect(named('guardrail no-prices')?.parentSpanId).toBe(second?.spanId);
    expect(second?.attributes).not.toHaveProperty('gen_ai.usage.input_tokens');
  });

  it("holds nobody's words unless they are asked for", async () => {
    expect((await traced()).text).not.toMatch(words);
    const { text, lines } = await traced(true);
    for (const word of ['Secret', 'private', 'hidden', 'Confidential', 'classified', 'undisclosed']) {
      expect(text).toContain(word);
    }
    const answer = lines.find(({ name }) => name === 'chat fake-1')?.attributes;
    expect(JSON.parse(String(answer?.['gen_ai.input.messages']))).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'Secret question' }] },
    ]);
    expect(JSON.parse(String(answer?.['gen_ai.output.messages']))).toMatchObject([
      { role: 'assistant', finish_reason: 'stop' },
    ]);
  });

  it('ends what is open when nobody follows any more, each thing once', async () => {
    const file = join(directoryWith({}), 'trace.ndjson');
    const trace = await openTrace({ file }, nobody);
    const session = new TracedSession();
    const stop = trace.follow(session);
    session.at(100, { type: 'response.started', responseId: 'r1' });
    session.at(200, { type: 'tool.started', callId: 'c1', name: 'slow', arguments: {} });
    stop();
    stop();
    trace.close();
    expect(linesOf(file).map(({ name, status }) => [name, status.code])).toEqual([
      ['chat fake-1', 'error'],
      ['execute_tool slow', 'error'],
      ['voxterm.session', 'ok'],
    ]);
  });

  it('is on disk line by line: a program that is killed loses what was open, and nothing else', () => {
    const file = join(directoryWith({}), 'trace.ndjson');
    const { signal } = spawnSync(process.execPath, ['--import', hooks, program, file]);
    expect(signal).toBe('SIGKILL');
    expect(linesOf(file)).toMatchObject([{ name: 'done', startMs: 1, endMs: 2 }]);
  });

  it('that cannot be written costs nothing: it is refused before anything is connected', async () => {
    const file = join(directoryWith({}), 'nowhere', 'trace.ndjson');
    const error: unknown = await openTrace({ file }, nobody).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(VoxtermError);
    expect(error).toMatchObject({ exitCode: 2, code: 'output.no-directory' });
  });

  it('on a full disk is given up with a word, and the talk goes on', async () => {
    const failures: string[] = [];
    const trace = await openTrace(
      { file: '/dev/full', onFailure: ({ code }) => failures.push(code) },
      nobody,
    );
    const session = new TracedSession();
    trace.follow(session);
    expect(() => holdTalk(session)).not.toThrow();
    trace.close();
    expect(failures).toEqual(['output.disk-full']);
  });
});
