import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import * as voxterm from '../../../src/index.js';

/** A scenario of the built-in provider, as a file. */
function scenario(...turns: object[]): string {
  const path = join(mkdtempSync(join(tmpdir(), 'voxterm-')), 'scenario.json');
  writeFileSync(path, JSON.stringify({ voice: 'tone', pace: 'fast', turns }));
  return path;
}

function connect(options: voxterm.ConnectOptions): Promise<voxterm.AgentSession> {
  return voxterm.connect({ env: {}, sound: null, provider: 'local', ...options });
}

/** Everything until an answer with words is over. */
async function answer(session: voxterm.AgentSession): Promise<voxterm.AgentSessionEvent[]> {
  const events: voxterm.AgentSessionEvent[] = [];
  for await (const event of session) {
    events.push(event);
    if (event.type === 'response.done' && events.some(({ type }) => type === 'assistant.text.done')) break;
  }
  return events;
}

function said(events: readonly voxterm.AgentSessionEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'assistant.text.done' ? [event.text] : []));
}

function later<Value>() {
  let resolve: (value: Value) => void = () => {};
  const promise = new Promise<Value>((settle) => (resolve = settle));
  return { promise, resolve };
}

const readInvoice = voxterm.defineTool({
  name: 'read_invoice',
  description: 'The amount of an invoice.',
  parameters: z.object({ number: z.int() }),
  approval: 'ask',
  execute: ({ number }) => ({ number, amount: 12 }),
});
const billing = voxterm.defineAgent({
  name: 'billing',
  instructions: 'Answer about invoices.',
  tools: [readInvoice],
});
const triage = voxterm.defineAgent({
  name: 'triage',
  instructions: 'For {{customer}}.',
  handoffs: [billing],
});

describe('connect', () => {
  it('hands over, asks before it runs a tool, and tells everything in order', async () => {
    await using session = await connect({
      agent: triage,
      variables: { customer: 'Ada' },
      scenario: scenario({
        tool: { name: 'transfer_to_billing' },
        afterTool: {
          tool: { name: 'read_invoice', arguments: { number: 7 } },
          said: 'It is {{tool.amount}} euros.',
        },
      }),
    });
    expect(session.agent.name).toBe('triage');
    session.on('tool.approval.required', ({ callId }) => expect(session.approve(callId)).toBe(true));
    void session.sendMessage('How much is invoice 7?');
    const events = await answer(session);
    expect(said(events)).toEqual(['It is 12 euros.']);
    expect(events[0]).toMatchObject({ type: 'session.ready', provider: 'local' });
    const types = events.map(({ type }) => type);
    expect(types.filter((type) => /^(agent|tool)\./.test(type))).toEqual([
      'tool.started',
      'tool.finished',
      'agent.handoff',
      'tool.approval.required',
      'tool.started',
      'tool.finished',
    ]);
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'agent.handoff', from: 'triage', to: 'billing' }),
    );
    expect(events.filter(({ type }) => type === 'response.started').at(-1)).toMatchObject({
      agent: 'billing',
    });
    expect(session.agent).toBe(billing);
    expect(session.history.at(-1)).toMatchObject({ role: 'assistant', text: 'It is 12 euros.' });
    expect(session.usage.total).toBeGreaterThan(0);
    expect(await session.close()).toMatchObject({ exitCode: 0 });
    expect((await session.ended).reason).toBe('quit');
  });

  it('lets the user be handed to and fro as often as he asks for it', async () => {
    const back: voxterm.Agent = { name: 'back', handoffs: () => [forth] };
    const forth: voxterm.Agent = { name: 'forth', handoffs: [back] };
    await using session = await connect({ agent: forth });
    for (let turn = 0; turn < 12; turn += 1) {
      await session.sendMessage(`call transfer_to_${turn % 2 === 0 ? 'back' : 'forth'}`);
      await vi.waitFor(() => expect(session.agent).toBe(turn % 2 === 0 ? back : forth));
      await vi.waitFor(() => expect(session.state).toBe('listening'));
    }
  });

  it('is an agent named assistant without any', async () => {
    const seen: unknown[] = [];
    const look = voxterm.defineTool({
      name: 'look',
      description: 'Looks.',
      execute: (_args, { context, env }) => void seen.push(context, env),
    });
    await using session = await connect({
      tools: [look],
      context: { user: 7 },
      env: { HOUSE: 'red' },
      scenario: scenario({ tool: { name: 'look' }, said: 'Seen.' }),
    });
    expect(session.agent.name).toBe('assistant');
    await session.sendMessage({ text: 'Look!' });
    expect(said(await answer(session))).toEqual(['Seen.']);
    expect(seen).toEqual([{ user: 7 }, { HOUSE: 'red' }]);
  });

  it('brings the samples along, and every iterator gets its events', async () => {
    await using session = await connect({ sound: 'virtual', scenario: scenario({ said: 'Hello there.' }) });
    let bytes = 0;
    const leave = session.on('assistant.audio', ({ pcm }) => (bytes += pcm.byteLength));
    await session.sendMessage('Hi');
    const [first, second] = await Promise.all([answer(session), answer(session)]);
    const sound = first.filter((event) => event.type === 'assistant.audio');
    expect(sound.length).toBeGreaterThan(0);
    for (const event of sound) expect(event.pcm.byteLength).toBe(event.bytes);
    expect(bytes).toBe(sound.reduce((sum, event) => sum + event.bytes, 0));
    expect(said(second)).toEqual(['Hello there.']);
    leave();
  });

  it('lets the network wait for whoever is slow, and loses nothing', async () => {
    await using session = await connect({
      sound: 'virtual',
      scenario: scenario({ said: 'A very long answer indeed. '.repeat(200) }),
    });
    let received = 0;
    session.on('raw', ({ direction }) => (received += direction === 'received' ? 1 : 0));
    let heard = 0;
    session.on('assistant.audio', ({ bytes }) => (heard += bytes));
    const events = session[Symbol.asyncIterator]();
    void session.sendMessage('Tell me everything.');
    let before = -1;
    await vi.waitFor(
      () => {
        const stands = received > 200 && received === before;
        before = received;
        expect(stands).toBe(true);
      },
      { interval: 200, timeout: 10_000 },
    );
    expect(session.state).toBe('speaking');
    const stoodAt = received;
    let taken = 0;
    for (let next = await events.next(); !next.done; next = await events.next()) {
      if (next.value.type === 'assistant.audio') taken += next.value.pcm.byteLength;
      if (next.value.type === 'response.done') break;
    }
    expect(received).toBeGreaterThan(stoodAt);
    expect(taken).toBe(heard);
  });

  it('ends its loops with the session, also for those who come later', async () => {
    const session = await connect({ scenario: scenario({ said: 'Hi.' }) });
    const types: string[] = [];
    const loop = (async () => {
      for await (const { type } of session) types.push(type);
    })();
    await session.close();
    await loop;
    expect(types.at(-1)).toBe('session.ended');
    for await (const event of session) throw new Error(`nothing more was to come, but ${event.type}`);
  });

  it('ends in order when the signal says so', async () => {
    const stop = new AbortController();
    const session = await connect({ signal: stop.signal, scenario: scenario({ said: 'Hi.' }) });
    stop.abort();
    expect(await session.ended).toMatchObject({ exitCode: 130, reason: 'aborted' });
    await expect(connect({ signal: stop.signal })).rejects.toThrow();
  });

  it.each([
    ['instructions', { instructions: () => new Promise<string>(() => {}) }],
    ['the key', { apiKey: () => new Promise<string>(() => {}) }],
  ])('waits for %s no longer than the signal does', async (_what, options) => {
    const stop = new AbortController();
    const starting = connect({ ...options, signal: stop.signal });
    const reason = new Error('never mind');
    setTimeout(() => stop.abort(reason), 50);
    await expect(starting).rejects.toBe(reason);
  });

  it('says what was wrong with what it was given, and goes on', async () => {
    await using session = await connect({});
    const wrong = { code: 'argument.invalid', exitCode: 2 };
    for (const given of ['null', '5', '{}', '{"text":"a","images":"b"}'])
      await expect(session.sendMessage(JSON.parse(given))).rejects.toMatchObject(wrong);
    for (const given of ['null', '"sound"', '[1,2]'])
      expect(() => session.sendAudio(JSON.parse(given))).toThrow(expect.objectContaining(wrong));
    expect(session.state).toBe('listening');
  });

  it.each(['5', '[null]', '[{"nope":1}]', '[{"kind":"message","itemId":"u","role":"user"}]'])(
    'refuses %s as a history',
    async (given) => {
      await expect(connect({ history: JSON.parse(given) })).rejects.toMatchObject({
        code: 'history.invalid',
        exitCode: 2,
      });
    },
  );

  it('closes everything where there can be no session', async () => {
    const before = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    const provider = await voxterm.findProvider('local');
    const connection = { model: provider.defaultModel, env: {} };
    const history = JSON.parse('[{"nope":1}]');
    await expect(voxterm.startSession({ provider, connection, settings: {}, history })).rejects.toThrow();
    await vi.waitFor(() =>
      expect(process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap')).toHaveLength(
        before,
      ),
    );
  });

  it('is held up by no listener that throws', async () => {
    const reject = vi.spyOn(Promise, 'reject').mockImplementation(() => new Promise(() => {}));
    onTestFinished(() => reject.mockRestore());
    const mistake = new Error('a mistake of the listener');
    const trace = {
      follow: (running: voxterm.VoiceSession) =>
        running.subscribe(() => {
          throw mistake;
        }),
    };
    await using session = await connect({ trace });
    expect(session.state).toBe('listening');
    expect(reject).toHaveBeenCalledWith(mistake);
  });

  it('puts samples together again that were cut in the middle', async () => {
    const sent: number[] = [];
    await using session = await connect({ sound: 'virtual' });
    session.on('raw', ({ direction, frame }) => {
      if (direction !== 'sent' || typeof frame !== 'string') return;
      const message: unknown = JSON.parse(frame);
      if (typeof message !== 'object' || message === null || !('audio' in message)) return;
      sent.push(...Buffer.from(String(message.audio), 'base64'));
    });
    for (const piece of [[1], [2, 3, 4], [], [5], [6], [7, 8, 9]]) session.sendAudio(Uint8Array.from(piece));
    await vi.waitFor(() => expect(sent).toEqual([1, 2, 3, 4, 5, 6, 7, 8]));
  });

  it('shows raw messages only while somebody listens, and sends those of the program', async () => {
    await using session = await connect({ scenario: scenario({ said: 'Hi.' }) });
    const received = later<string>();
    const leave = session.on('raw', ({ direction, frame }) => {
      if (direction === 'received') received.resolve(String(frame));
    });
    session.sendRaw({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content: [] },
    });
    expect(JSON.parse(await received.promise)).toHaveProperty('type');
    leave();
  });

  it('continues an earlier conversation, and ends in order at its limit', async () => {
    const history: voxterm.HistoryItem[] = [
      { kind: 'message', itemId: 'u1', role: 'user', text: 'I am Ada.', state: 'done' },
      { kind: 'message', itemId: 'a1', role: 'assistant', text: 'Hello Ada.', state: 'done' },
    ];
    await using session = await connect({
      history,
      limits: { maxTurns: 1 },
      scenario: scenario({ said: 'You are Ada.' }),
    });
    expect(session.history).toMatchObject([{ text: 'I am Ada.' }, { text: 'Hello Ada.' }]);
    await session.sendMessage('Who am I?');
    const events: string[] = [];
    for await (const event of session) events.push(event.type);
    expect(events.at(-1)).toBe('session.ended');
    expect(await session.ended).toMatchObject({ exitCode: 8 });
    expect(session.history.map((item) => item.kind === 'message' && item.text)).toEqual([
      'I am Ada.',
      'Hello Ada.',
      'Who am I?',
      'You are Ada.',
    ]);
  });

  it('hands over while it speaks, and goes on speaking', async () => {
    await using session = await connect({
      agent: { ...triage, voice: 'cedar' },
      variables: { customer: 'Ada' },
      sound: 'virtual',
      approvals: { allow: ['read_*'] },
      scenario: scenario({
        say: 'One moment, please.',
        tool: { name: 'transfer_to_billing' },
        afterTool: {
          tool: { name: 'read_invoice', arguments: { number: 7 } },
          said: 'It is {{tool.amount}} euros.',
        },
      }),
    });
    await session.sendMessage('How much is invoice 7?');
    const events: voxterm.AgentSessionEvent[] = [];
    for await (const event of session) {
      events.push(event);
      if (said(events).includes('It is 12 euros.') && event.type === 'response.done') break;
    }
    expect(session.agent).toBe(billing);
    expect(events.filter(({ type }) => type === 'error')).toEqual([]);
    expect(events.filter(({ type }) => type === 'tool.approval.required')).toEqual([]);
  });

  it('lets the program change the agent', async () => {
    await using session = await connect({
      agent: triage,
      variables: { customer: 'Ada' },
      scenario: scenario({ said: 'Hi.' }),
    });
    const handoffs: unknown[] = [];
    session.on('agent.handoff', ({ from, to }) => handoffs.push([from, to]));
    await session.updateAgent(billing);
    expect(session.agent).toBe(billing);
    expect(handoffs).toEqual([['triage', 'billing']]);
    await expect(session.updateAgent({ name: '' })).rejects.toMatchObject({ exitCode: 3 });
    expect(session.agent).toBe(billing);
  });

  it('refuses an agent that needs what the model cannot do, before anything is sent', async () => {
    const deaf: voxterm.Provider = {
      ...(await voxterm.findProvider('local')),
      id: 'deaf',
      profile: () => ({ ...profile, tools: false }),
      start: vi.fn(),
    };
    const { profile: of } = await voxterm.findProvider('local');
    const profile = of('local');
    await expect(
      connect({ provider: deaf, agent: triage, variables: { customer: 'Ada' } }),
    ).rejects.toMatchObject({
      exitCode: 5,
      message: 'Agent "triage" needs to hand over to billing, and local (local) calls no tools.',
    });
    await expect(connect({ provider: deaf, tools: [readInvoice] })).rejects.toMatchObject({
      message: 'Agent "assistant" needs its tools (read_invoice), and local (local) calls no tools.',
    });
    expect(deaf.start).not.toHaveBeenCalled();
  });

  it('stops what a guardrail forbids and says why', async () => {
    await using session = await connect({
      outputGuardrails: [voxterm.bannedTerms('secrets', ['swordfish'])],
      scenario: scenario(
        { said: 'The password is swordfish, of course. Anything else I can do for you today?' },
        { said: 'I cannot tell you that.' },
      ),
    });
    const tripped = later<unknown>();
    session.on('guardrail.tripped', tripped.resolve);
    await session.sendMessage('What is the password?');
    expect(await tripped.promise).toMatchObject({ guardrail: 'secrets' });
  });

  it('asks for the key anew for every connection, and keeps it from the environment of the tools', async () => {
    const keys: (string | undefined)[] = [];
    const local = await voxterm.findProvider('local');
    const provider: voxterm.Provider = {
      ...local,
      keyVariables: ['MY_KEY', 'MY_TOKEN'],
      codec: (connection) => {
        keys.push(connection.env.MY_KEY, connection.env.MY_TOKEN);
        return local.codec(connection);
      },
    };
    const env = { MY_TOKEN: 'other' };
    await using session = await connect({ provider, env, apiKey: async () => 'fresh' });
    expect(keys).toEqual(['fresh', undefined]);
    expect(env).toEqual({ MY_TOKEN: 'other' });
    expect(session.state).toBe('listening');
  });
});
