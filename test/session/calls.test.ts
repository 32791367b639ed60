import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { VoxtermError } from '../../src/contract/failure.js';
import type { SessionEvent } from '../../src/contract/session-events.js';
import { gemini } from '../../src/providers/gemini/provider.js';
import { openai } from '../../src/providers/openai/provider.js';
import { startSession } from '../../src/session/start/start.js';
import { loadScenario } from '../../src/simulator/scenario/scenario-file.js';
import { startLocalServer } from '../../src/simulator/server.js';
import { defineTool } from '../../src/tools/definition/define-tool.js';
import { createToolRunner } from '../../src/tools/tool-runner.js';
import { directoryWith } from '../config/files.js';
import { openRelay } from '../e2e/open-relay.js';

const turns = [
  {
    heard: 'How late is it?',
    tool: { name: 'clock', arguments: { zone: 'UTC' } },
    said: 'It is {{tool.output}}.',
  },
  { heard: 'Thank you.', said: 'Good bye.' },
];

const clock = defineTool({
  name: 'clock',
  description: 'The time',
  parameters: { type: 'object', properties: { zone: { type: 'string' } } },
  execute: () => 'noon',
});

async function serve(script: readonly unknown[] = turns) {
  const file = join(directoryWith({ 's.json': JSON.stringify({ voice: 'tone', turns: script }) }), 's.json');
  const server = await startLocalServer({ scenario: await loadScenario(file) });
  onTestFinished(() => server.close());
  return server;
}

async function attach(url: string, callId = 'rtc_1', tool = clock) {
  const log: string[] = [];
  const session = await startSession({
    provider: openai,
    connection: { model: 'm', url, env: {}, callId },
    settings: { instructions: 'Tell the time.', voice: 'cedar', transcription: {} },
    tools: createToolRunner([tool], { env: {} }),
    openSound: () => Promise.reject(new Error('nothing is heard here')),
    reconnectDelaysMs: [20, 50, 100],
    log: (line) => log.push(line),
  });
  onTestFinished(async () => void (await session.end()));
  const events: SessionEvent[] = [];
  session.subscribe((event) => events.push(event));
  return { session, events, log };
}

const messages = [
  { role: 'user', text: 'How late is it?' },
  { kind: 'tool', name: 'clock', output: 'noon', state: 'done' },
  { role: 'assistant', text: 'It is noon.', state: 'done' },
  { role: 'user', text: 'Thank you.' },
  { role: 'assistant', text: 'Good bye.', state: 'done' },
];

describe('a telephone call', () => {
  it('is attended from the first word to the hang-up, with our tools and without sound', async () => {
    const { url } = await serve();
    const { session, events, log } = await attach(url);
    const ending = await session.ended;
    expect(ending).toMatchObject({ exitCode: 0, reason: 'call.ended' });
    expect(session.history).toMatchObject(messages);
    const sent = log.filter((line) => line.startsWith('→'));
    expect(sent.join('\n')).not.toContain('input_audio_buffer.append');
    const [settings = ''] = sent;
    expect(settings).toContain('Tell the time.');
    for (const settled of ['"format"', 'cedar', 'output_modalities']) expect(settings).not.toContain(settled);
    expect(events.some(({ type }) => type === 'assistant.audio')).toBe(false);
    const heard = session.history.map((item) => (item.kind === 'message' ? item.heardMs : undefined));
    expect(heard.filter((ms) => ms !== undefined && ms > 300)).toHaveLength(2);
  });

  it('is silenced by our order, and remembers what the caller had heard', async () => {
    const long = 'This answer is so long that anybody loses patience with it before it has come to its end.';
    const { url } = await serve([{ heard: 'Talk.', said: long, pace: 'fast' }]);
    const { session, events, log } = await attach(url);
    await vi.waitFor(() => expect(log.join('\n')).toContain('output_audio_buffer.started'), 5000);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    session.interrupt();
    await vi.waitFor(() => expect(log.join('\n')).toContain('conversation.item.truncated'), 5000);
    const cut = session.history.at(-1);
    expect(cut).toMatchObject({ role: 'assistant', state: 'cut' });
    const heardMs = cut?.kind === 'message' ? (cut.heardMs ?? 0) : 0;
    expect(heardMs).toBeGreaterThan(1000);
    expect(heardMs).toBeLessThan(2500);
    expect(cut?.kind === 'message' && long.startsWith(cut.text) && cut.text.length).toBeGreaterThan(5);
    expect(events.map(({ type }) => type)).toContain('playback.cleared');
    expect(log.filter((line) => line.startsWith('→')).join('\n')).not.toContain('item.truncate"');
  });

  it('takes what is typed', async () => {
    const { url } = await serve([
      { heard: 'Hello?', said: 'Hello.' },
      { when: 'bill', said: 'A bill is open.' },
    ]);
    const { session, events } = await attach(url);
    session.sendText('Mention the bill');
    await vi.waitFor(
      () => expect(session.history).toContainEqual(expect.objectContaining({ text: 'A bill is open.' })),
      5000,
    );
    expect(events.some(({ type }) => type === 'error')).toBe(false);
  });

  it('is taken up again where the network broke, in the middle of a tool call', async () => {
    const { url } = await serve();
    const relay = await openRelay(url);
    const slow = defineTool({
      ...clock,
      parameters: { type: 'object', properties: {} },
      execute: async () => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        relay.cut();
        await new Promise((resolve) => setTimeout(resolve, 300));
        return 'noon';
      },
    });
    const { session, events } = await attach(relay.url, 'rtc_2', slow);
    expect(await session.ended).toMatchObject({ exitCode: 0, reason: 'call.ended' });
    expect(events.find(({ type }) => type === 'link.restored')).toMatchObject({ stateRestored: true });
    expect(session.history).toMatchObject(messages);
  });

  it('that is over when the network is back ends the session in order', async () => {
    const { url } = await serve([{ heard: 'Bye.', said: 'Bye.' }]);
    const first = await attach(url, 'rtc_3');
    const relay = await openRelay(url);
    const second = await attach(relay.url, 'rtc_3');
    await first.session.ended;
    relay.cut();
    expect(await second.session.ended).toMatchObject({ exitCode: 0, reason: 'call.ended' });
  });

  it('that nobody knows is refused', async () => {
    const { url } = await serve([{ heard: 'Bye.', said: 'Bye.' }]);
    const { session } = await attach(url, 'rtc_4');
    await session.ended;
    const error: unknown = await attach(url, 'rtc_4').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(VoxtermError);
    expect(error).toMatchObject({ exitCode: 5, message: 'There is no call rtc_4 (HTTP 404).' });
  });

  it.each(['abc', 'rtc_', 'rtc_1&model=x', 'rtc_1/../../x', '../rtc_1', 'rtc_1#', 'rtc_%2e'])(
    'has no id like %s',
    async (callId) => {
      const error: unknown = await attach('ws://127.0.0.1:1', callId).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'call.id', exitCode: 2 });
    },
  );

  it('is nothing a provider without calls could take part in', async () => {
    const error: unknown = await startSession({
      provider: gemini,
      connection: { model: 'm', env: { GEMINI_API_KEY: 'k' }, callId: 'rtc_1' },
      settings: {},
      tools: createToolRunner([], { env: {} }),
    }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'call.unsupported', exitCode: 3 });
  });

  it('has ends of turns of its own', async () => {
    const error: unknown = await startSession({
      provider: openai,
      connection: { model: 'm', url: 'ws://127.0.0.1:1', env: {}, callId: 'rtc_1' },
      settings: { turnDetection: { type: 'client' } },
      tools: createToolRunner([], { env: {} }),
    }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'turns.unsupported' });
  });
});
