import { describe, expect, it, onTestFinished } from 'vitest';
import { type Agent, defineAgent, handoff } from '../../src/agents/agent.js';
import { bannedTerms } from '../../src/agents/built-in-guardrails.js';
import { openAudio } from '../../src/audio/decode.js';
import { findProvider } from '../../src/providers/registry.js';
import type { AgentSession, AgentSessionEvent } from '../../src/session/agent-session.js';
import { wordsOf } from '../../src/session/events/session-totals.js';
import { connect } from '../../src/session/start/connect-agents.js';
import { backgroundResult } from '../../src/tools/calls/background-result.js';
import { defineTool } from '../../src/tools/definition/define-tool.js';
import { recording } from './ask-driver.js';
import { type Cast, casts } from './dialect-casts.js';
import { serveDialect } from './dialect-story.js';

const key = 'key-of-the-story';

const readInvoice = defineTool({
  name: 'read_invoice',
  description: 'The amount of an invoice in euros.',
  parameters: {
    type: 'object',
    properties: { number: { type: 'integer' } },
    required: ['number'],
    additionalProperties: false,
  },
  execute: ({ number }) => ({ number, amount: 12 }),
});

const billing = defineAgent({
  name: 'billing',
  instructions: 'You read invoices.',
  handoffDescription: 'everything about money',
  tools: [readInvoice],
});

/** Written with OpenAI in mind; nothing in it knows where it runs. */
const agent = defineAgent({
  name: 'triage',
  instructions: 'You are the first whom {{customer}} speaks to.',
  handoffs: [handoff(billing, { toolDescription: 'Hand over to whoever knows about money.' })],
  outputGuardrails: [bannedTerms('secrets', ['swordfish'])],
});

const readsIt = {
  tool: { name: 'read_invoice', arguments: { number: 7 } },
  said: 'Invoice 7 is over {{tool.amount}} euros.',
};
const transfer = {
  turns: [
    {
      heard: 'I was charged twice.',
      say: 'One moment, please.',
      tool: { name: 'transfer_to_billing', arguments: {} },
      afterTool: readsIt,
    },
    // What a new connection is asked, which knows of the first question as history only.
    { when: 'charged|handed over', ...readsIt },
  ],
};

const secret = {
  turns: [
    {
      heard: 'What is the word?',
      said: `The secret word is swordfish${', and there is much more to say about it'.repeat(4)}.`,
    },
  ],
  otherwise: { said: 'Let us speak of something else.' },
};

async function start(
  { provider, model, variable, env, options, settings, dialect }: Cast,
  scenario: object,
  speaker: Agent = agent,
): Promise<AgentSession> {
  const server = await serveDialect(dialect, { pace: 5, ...scenario });
  const session = await connect({
    agent: speaker,
    provider,
    model,
    url: server.url,
    env: { ...env, [variable]: key },
    providerOptions: options,
    settings: { turnDetection: { type: 'server', silenceMs: 500 }, ...settings },
    variables: { customer: 'Ada' },
  });
  onTestFinished(async () => void (await session.close()));
  return session;
}

/** Asks aloud, and takes everything that happens until somebody has said this to its end. */
async function talk(session: AgentSession, until: string): Promise<AgentSessionEvent[]> {
  const events: AgentSessionEvent[] = [];
  await say(session.profile.inputRateHz, (pcm) => session.sendAudio(pcm));
  for await (const event of session) {
    events.push(event);
    const heard = event.type === 'history.updated' && event.item.kind === 'message' ? event.item : undefined;
    if (heard?.text === until && heard.state === 'done') break;
  }
  return events;
}

function of<Type extends AgentSessionEvent['type']>(events: readonly AgentSessionEvent[], type: Type) {
  return events.filter((event): event is Extract<AgentSessionEvent, { type: Type }> => event.type === type);
}

/**
 * Its first call waits for somebody to allow it, its second tells its result when it has one and is not spoken about.
 */
const clerk = defineAgent({
  name: 'clerk',
  instructions: 'You pay invoices.',
  tools: [
    defineTool({
      name: 'pay_invoice',
      description: 'Pays an invoice.',
      parameters: {
        type: 'object',
        properties: { number: { type: 'integer' } },
        required: ['number'],
        additionalProperties: false,
      },
      approval: 'always',
      execute: ({ number }) => ({ number, paid: true }),
    }),
    defineTool({
      name: 'write_receipt',
      description: 'Writes a receipt.',
      execute: () => backgroundResult('written'),
    }),
  ],
});

const payment = {
  turns: [
    {
      heard: 'Pay invoice 7.',
      tool: { name: 'pay_invoice', arguments: { number: 7 } },
      afterTool: { said: 'It is paid.' },
    },
  ],
};
const receipt = {
  turns: [{ heard: 'A receipt, please.', say: 'You will have it.', tool: { name: 'write_receipt' } }],
};

describe('a model without tools', () => {
  it('is refused before the first word, with what it lacks', async () => {
    const cast = { ...casts.dashscope, model: 'qwen-omni-turbo-realtime' };
    await expect(start(cast, transfer)).rejects.toMatchObject({
      exitCode: 5,
      message: expect.stringMatching(
        /^Agent "triage" needs to hand over to billing, and .* calls no tools\.$/,
      ),
    });
  });
});

describe.each(Object.values(casts))('an agent on $dialect', (cast) => {
  it('hands over and calls tools as it is', async () => {
    const session = await start(cast, transfer);
    const events = await talk(session, 'Invoice 7 is over 12 euros.');
    expect(of(events, 'error')).toEqual([]);
    expect(of(events, 'agent.handoff')).toMatchObject([{ from: 'triage', to: 'billing' }]);
    expect(session.agent.name).toBe('billing');
    expect(of(events, 'tool.finished').map(({ name }) => name)).toEqual([
      'transfer_to_billing',
      'read_invoice',
    ]);
    // What the first agent had said was heard to its end.
    const words = wordsOf(session.history, 'assistant');
    expect(words[0]).toBe('One moment, please.');
    expect(words.at(-1)).toBe('Invoice 7 is over 12 euros.');
    expect(session.history.filter(({ state }) => state === 'running' || state === 'pending')).toEqual([]);
    expect(await session.close()).toMatchObject({ exitCode: 0 });
  });

  it('waits to be allowed what it wants to do', async () => {
    const session = await start(cast, payment, clerk);
    const asked: string[] = [];
    session.on('tool.approval.required', ({ callId, name }) => {
      asked.push(name);
      expect(session.approve(callId)).toBe(true);
      // Twice does no harm.
      expect(session.approve(callId)).toBe(false);
    });
    const events = await talk(session, 'It is paid.');
    expect(asked).toEqual(['pay_invoice']);
    expect(of(events, 'tool.finished')).toMatchObject([{ name: 'pay_invoice' }]);
    expect(of(events, 'error')).toEqual([]);
    expect(await session.close()).toMatchObject({ exitCode: 0 });
  });

  it('is told the result of what happens in the background, and not asked to speak about it', async () => {
    const session = await start(cast, receipt, clerk);
    const events = await talk(session, 'You will have it.');
    if (!session.history.some((item) => item.kind === 'tool' && item.state === 'done')) {
      for await (const event of session) if (event.type === 'tool.finished') break;
    }
    expect(session.history).toContainEqual(
      expect.objectContaining({ kind: 'tool', name: 'write_receipt', output: 'written' }),
    );
    expect(wordsOf(session.history, 'assistant')).toEqual(['You will have it.']);
    expect(of(events, 'error')).toEqual([]);
    expect(await session.close()).toMatchObject({ exitCode: 0 });
  });

  it('takes the voice of the agent it hands over to, or says that it keeps the old one', async () => {
    const { model, provider, options } = cast;
    const found = await findProvider(provider);
    const { voices } = found.profile(model ?? found.defaultModel, options);
    const voice = voices.at(-1) ?? 'some-voice';
    const session = await start(cast, transfer, { ...agent, handoffs: [{ ...billing, voice }] });
    let told = false;
    session.on('raw', ({ direction, frame }) => {
      told ||= direction === 'sent' && Buffer.from(frame).includes(`"${voice}"`);
    });
    const events = await talk(session, 'Invoice 7 is over 12 euros.');
    const kept = of(events, 'warning').some(({ code }) => code === 'voice.kept');
    expect({ told, kept }).toEqual({ told: !kept, kept });
    expect(of(events, 'error')).toEqual([]);
    expect(await session.close()).toMatchObject({ exitCode: 0 });
  });

  it('is stopped by its guardrail', async () => {
    const session = await start(cast, secret);
    const events = await talk(session, 'Let us speak of something else.');
    expect(of(events, 'guardrail.tripped')).toMatchObject([{ guardrail: 'secrets' }]);
    const [first] = session.history.filter((item) => item.kind === 'message' && item.role === 'assistant');
    if (first?.kind === 'message' && first.text.startsWith('The secret')) {
      expect(first.state).toBe('cut');
      expect(first.text.length).toBeLessThan(100);
    }
    expect(await session.close()).toMatchObject({ exitCode: 0 });
  });
});

async function say(rateHz: number, send: (pcm: Uint8Array) => void): Promise<void> {
  const input = await openAudio(recording('question.wav'), { rateHz, env: {} });
  for await (const frame of input.frames) send(frame);
  send(new Uint8Array(rateHz * 2 * 1.5));
}
