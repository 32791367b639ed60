import { expect } from 'vitest';
import { z } from 'zod';
import { connect, defineAgent, defineTool, handoff } from '../../../src/index.js';
import type { KeyOf } from './keys.js';
import type { Row } from './rows.js';
import { withStandIn } from './stand-in.js';
import { talk } from './talk.js';

const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const billing = defineAgent({ name: 'billing', instructions: 'You bill.', handoffDescription: 'Bills' });

/** A call of a tool that asks, and what the model is told when somebody has answered. */
function permission(answer: 'approve' | 'reject') {
  return (): Promise<void> => {
    const tool = defineTool({ name: 'pay', description: 'Pays', approval: 'ask', execute: () => 'paid' });
    const turn = { tool: { name: 'pay' }, said: 'Done.' };
    return talk({ tools: [tool] }, [turn, turn], async ({ session, event, wire, events }) => {
      await session.sendMessage('pay');
      const { callId } = await event('tool.approval.required');
      if (answer === 'approve') session.approve(callId, { always: true });
      else session.reject(callId, { always: true, message: 'The boss says no.' });
      await event('response.done', ({ status }) => status === 'completed');
      const words = answer === 'approve' ? 'paid' : 'The boss says no.';
      await expect.poll(() => wire.filter((line) => line.includes(words)).length).toBeGreaterThan(0);
      await session.sendMessage('again');
      const ended = answer === 'approve' ? 'tool.finished' : 'tool.failed';
      await event(ended, (told) => told.callId !== callId);
      expect(events.filter(({ type }) => type === 'tool.approval.required')).toHaveLength(1);
    });
  };
}

const spoken = (): Promise<void> =>
  withStandIn({}, async ({ session, server }) => {
    session.sendAudio(new Uint8Array([1, 0, 2, 0]));
    await expect.poll(() => server.received.join('\n')).toContain('"audio":"AQACAA=="');
  });
const written = (): Promise<void> =>
  withStandIn({}, async ({ session, server }) => {
    await session.sendMessage('hello there');
    await expect
      .poll(() => server.received.join('\n'))
      .toContain('{"type":"input_text","text":"hello there"}');
    await expect.poll(() => server.received.join('\n')).toContain('"type":"response.create"');
  });
const shown = (): Promise<void> =>
  withStandIn({}, async ({ session, server }) => {
    await session.sendMessage({ text: 'what is it?', images: [{ mime: 'image/png', data: picture }] });
    await expect
      .poll(() => server.received.join('\n'))
      .toContain(`data:image/png;base64,${picture.toString('base64')}`);
    await expect
      .poll(() => server.received.join('\n'))
      .toContain('"role":"user","content":[{"type":"input_text"');
  });
const rawMessage = (): Promise<void> =>
  withStandIn({}, async ({ session, server }) => {
    session.sendRaw({ type: 'input_audio_buffer.clear', event_id: 'mine' });
    await expect
      .poll(() => server.received)
      .toContain('{"type":"input_audio_buffer.clear","event_id":"mine"}');
  });
const heardRaw = (): Promise<void> =>
  withStandIn({}, async ({ session, sockets }) => {
    const frames: unknown[] = [];
    const leave = session.on('raw', ({ direction, frame }) => frames.push([direction, frame]));
    sockets[0]?.send('{"type":"made.up"}');
    await expect.poll(() => frames).toContainEqual(['received', '{"type":"made.up"}']);
    leave();
    session.sendRaw({ type: 'late' });
    expect(frames).not.toContainEqual(['sent', '{"type":"late"}']);
  });

export const methods = {
  'runner.run': {
    ours: '`connect({ agent, … })`',
    note: 'Resolves when the provider is ready to talk.',
    check: () =>
      talk({ agent: billing }, [], async ({ session, event }) => {
        expect(session.agent).toBe(billing);
        expect(await event('session.ready')).toMatchObject({ provider: 'local' });
      }),
  },
  send_audio: {
    ours: '`session.sendAudio(pcm)`, `session.commit()`',
    note: 'PCM16 at `session.profile.inputRateHz`; `await session.drained()` to wait while you send a file.',
    check: spoken,
  },
  send_message: { ours: '`session.sendMessage(text)`', check: written },
  interrupt: {
    ours: '`session.interrupt()`',
    check: () =>
      talk({ sound: 'virtual' }, [{ said: 'A long answer. '.repeat(20) }], async ({ session, event }) => {
        await session.sendMessage('go');
        await event('assistant.audio');
        session.interrupt();
        const { heardMs, receivedMs } = await event('playback.cleared');
        expect(heardMs).toBeLessThan(receivedMs);
      }),
  },
  update_agent: {
    ours: '`await session.updateAgent(agent)`',
    check: () =>
      talk({ agent: defineAgent({ name: 'desk' }) }, [], async ({ session, event, wire }) => {
        await session.updateAgent(billing);
        expect(await event('agent.handoff')).toMatchObject({ from: 'desk', to: 'billing' });
        expect(session.agent.name).toBe('billing');
        await expect.poll(() => wire.join('\n')).toMatch(/→.*session\.update.*You bill\./);
      }),
  },
  approve_tool_call: { ours: '`session.approve(callId, { always })`', check: permission('approve') },
  reject_tool_call: { ours: '`session.reject(callId, { always, message })`', check: permission('reject') },
  'model.send_event': { ours: '`session.sendRaw(message)`', check: rawMessage },
  'model.add_listener': { ours: '`session.on("raw", listener)`', check: heardRaw },
  close: {
    ours: '`await session.close()`, or `await using`',
    note: 'Calling it twice is harmless.',
    check: async () => {
      const session = await connect({ provider: 'local', env: {}, sound: null });
      const [first, second] = await Promise.all([session.close(), session.close()]);
      expect(first).toBe(second);
      expect((await session.ended).exitCode).toBe(0);
    },
  },
  'async for': {
    ours: '`for await (const event of session)`',
    note: 'While your loop is behind, nothing is read from the network: nothing is lost, and memory does not grow.',
    check: () =>
      talk({}, [{ said: 'Hello.' }], async ({ session, event, events }) => {
        await session.sendMessage('hi');
        await event('response.done');
        expect(events[0]).toMatchObject({ type: 'session.ready' });
      }),
  },
} satisfies Record<KeyOf<'methods'>, Row>;

export const userText = {
  type: { ours: 'none: a text is a text', check: written },
  text: { ours: '`session.sendMessage(text)`', check: written },
} satisfies Record<KeyOf<'userText'>, Row>;

export const userMessage = {
  type: { ours: 'none: what is sent is a message', check: shown },
  role: {
    ours: 'none: messages are always from the user',
    note: 'Put what the model should know from your program into the instructions.',
    check: shown,
  },
  content: {
    ours: '`session.sendMessage({ text, images })`',
    note: 'A picture is a path or bytes; `session.sendImage` shows one without asking for an answer.',
    check: shown,
  },
} satisfies Record<KeyOf<'userMessage'>, Row>;

export const clientMessage = {
  type: { ours: '`session.sendRaw({ type, … })`', check: rawMessage },
  other_data: { ours: 'the other fields of the same object', check: rawMessage },
} satisfies Record<KeyOf<'clientMessage'>, Row>;

export const jsOptions = {
  transport: {
    ours: '`provider` and `url`',
    note: 'WebSocket. WebRTC is for browsers.',
    check: () =>
      withStandIn({}, ({ session }) => {
        expect(session.profile.provider).toBe('openai');
      }),
  },
  context: {
    ours: '`context`',
    note: 'Tools, guardrails and functions of agents get it unchanged.',
    check: () => {
      const context = { user: 'Ada' };
      const seen: unknown[] = [];
      const tool = defineTool({
        name: 'look',
        description: 'Looks',
        execute: (_, call) => void seen.push(call.context),
      });
      const instructions = (run: { context: unknown }) => {
        seen.push(run.context);
        return 'Be brief.';
      };
      return talk(
        { tools: [tool], instructions, context },
        [{ tool: { name: 'look' }, said: 'Yes.' }],
        async (run) => {
          await run.session.sendMessage('go');
          await run.event('tool.finished');
          expect(seen.length).toBeGreaterThanOrEqual(2);
          for (const each of seen) expect(each).toBe(context);
        },
      );
    },
  },
  outputGuardrailSettings: {
    ours: '`guardrails.debounceCharacters`',
    note: 'There is no −1: a large number checks at the end only.',
    check: async () => {
      let checks = 0;
      const watch = {
        name: 'watch',
        check: () => {
          checks += 1;
          return false;
        },
      };
      const guardrails = { debounceCharacters: 100_000 };
      await talk({ outputGuardrails: [watch], guardrails }, [{ said: 'Word. '.repeat(60) }], async (run) => {
        await run.session.sendMessage('go');
        await run.event('response.done');
        await expect.poll(() => checks).toBe(1);
      });
    },
  },
  historyStoreAudio: {
    ours: '`--record`; in code the `assistant.audio` events',
    note: 'The history holds words. Audio would fill the memory in a long conversation.',
    check: () =>
      talk({ sound: 'virtual' }, [{ said: 'Hello.' }], async ({ session, event }) => {
        await session.sendMessage('hi');
        const { pcm } = await event('assistant.audio');
        expect(pcm.byteLength).toBeGreaterThan(0);
        expect(JSON.stringify(session.history).length).toBeLessThan(1000);
      }),
  },
  tracingDisabled: {
    ours: '`settings.tracing`: leave it out, or `"off"`',
    check: () =>
      withStandIn({ settings: { tracing: 'off' } }, ({ server }) => {
        expect(server.received[0]).toContain('"tracing":null');
      }),
  },
  groupId: {
    ours: '`settings.tracing.groupId`',
    note: 'It does not need a workflow name.',
    check: () =>
      withStandIn({ settings: { tracing: { groupId: 'g' } } }, ({ server }) => {
        expect(server.received[0]).toContain('"tracing":{"group_id":"g"}');
      }),
  },
  traceMetadata: {
    ours: '`settings.tracing.metadata`',
    check: () =>
      withStandIn({ settings: { tracing: { metadata: { a: 1 } } } }, ({ server }) => {
        expect(server.received[0]).toContain('"tracing":{"metadata":{"a":1}}');
      }),
  },
  workflowName: {
    ours: '`settings.tracing.workflowName`',
    check: () =>
      withStandIn({ settings: { tracing: { workflowName: 'w' } } }, ({ server }) => {
        expect(server.received[0]).toContain('"tracing":{"workflow_name":"w"}');
      }),
  },
  automaticallyTriggerResponseForMcpToolCalls: {
    ours: 'always, if the provider does not continue by itself',
    check: () =>
      withStandIn({}, async ({ server, sockets }) => {
        const item = { id: 'm1', type: 'mcp_call', name: 'find', server_label: 'shop', arguments: '{}' };
        const say = (message: object) => sockets[0]?.send(JSON.stringify(message));
        say({ type: 'response.created', response: { id: 'r', status: 'in_progress' } });
        say({ type: 'response.output_item.added', response_id: 'r', output_index: 0, item });
        say({ type: 'response.done', response: { id: 'r', status: 'completed', output: [item] } });
        say({ type: 'response.mcp_call.completed', item_id: 'm1', output_index: 0 });
        await expect.poll(() => server.received.join('\n')).toContain('"type":"response.create"');
      }),
  },
  toolErrorFormatter: {
    ours: '`toolErrorFormatter`',
    check: () =>
      talk(
        { toolErrorFormatter: ({ code }) => `Sorry, ${code}.` },
        [{ tool: { name: 'unknown_one' }, said: 'Sorry.' }],
        async ({ session, wire }) => {
          await session.sendMessage('go');
          await expect.poll(() => wire.join('\n')).toMatch(/→.*function_call_output.*Sorry, tool\.unknown\./);
        },
      ),
  },
} satisfies Record<KeyOf<'jsOptions'>, Row>;

const told = (agent: object): Promise<string> =>
  new Promise((resolve, reject) => {
    withStandIn({ agent: defineAgent({ name: 'desk', ...agent }) }, ({ server }) => {
      resolve(server.received[0] ?? '');
    }).catch(reject);
  });

export const agent = {
  name: {
    ours: '`name`',
    check: () =>
      talk({ agent: billing }, [{ said: 'Hello.' }], async ({ session, event }) => {
        await session.sendMessage('hi');
        expect(await event('response.done')).toMatchObject({ agent: 'billing' });
      }),
  },
  instructions: {
    ours: '`instructions`: a text, `{ file }` or a function',
    note: 'With `{{name}}` from `variables`, date and language.',
    check: async () => {
      expect(await told({ instructions: () => 'By a function.' })).toContain(
        '"instructions":"By a function."',
      );
    },
  },
  handoff_description: {
    ours: '`handoffDescription`',
    check: async () => expect(await told({ handoffs: [billing] })).toMatch(/transfer_to_billing.*Bills/),
  },
  tools: {
    ours: '`tools`',
    check: async () => {
      const tool = defineTool({ name: 'look', description: 'Looks', execute: () => 1 });
      expect(await told({ tools: [tool] })).toContain('"name":"look"');
    },
  },
  mcp_servers: {
    ours: '`mcpServers`',
    note: 'Over stdio or HTTP; tools are called `server__tool`. If a server does not start, its tools are missing and the conversation continues.',
    check: () => {
      const desk = defineAgent({
        name: 'desk',
        mcpServers: [{ name: 'absent', command: '/nowhere/at/all' }],
      });
      return talk({ agent: desk }, [{ said: 'Hello.' }], async ({ session, event }) => {
        expect(await event('mcp.server')).toMatchObject({ server: 'absent', state: 'failed' });
        await session.sendMessage('hi');
        await event('response.done', ({ status }) => status === 'completed');
      });
    },
  },
  voice: {
    ours: '`voice`',
    note: 'With some providers fixed once the agent has spoken; see `voice` below.',
    check: async () => expect(await told({ voice: 'cedar' })).toContain('"voice":"cedar"'),
  },
  handoffs: {
    ours: '`handoffs`: agents or `handoff(agent, …)`; a function if agents name each other',
    note:
      'The new instructions and tools reach the model before the output of the transfer. If they cannot change on an open connection, ' +
      'a new one takes over and gets the conversation so far.',
    check: () => {
      const desk = defineAgent({ name: 'desk', handoffs: () => [billing] });
      const turn = { tool: { name: 'transfer_to_billing' }, said: 'Billing here.' };
      return talk({ agent: desk }, [turn], async ({ session, event, wire }) => {
        await session.sendMessage('my bill');
        expect(await event('agent.handoff')).toMatchObject({ from: 'desk', to: 'billing' });
        await event('response.done', ({ agent: who }) => who === 'billing');
        const update = wire.findIndex((line) => line.startsWith('→') && line.includes('You bill.'));
        const output = wire.findIndex(
          (line) => line.startsWith('→') && line.includes('function_call_output'),
        );
        expect(update).toBeGreaterThan(0);
        expect(output).toBeGreaterThan(update);
      });
    },
  },
  output_guardrails: {
    ours: '`outputGuardrails`',
    check: () => {
      const rain = { name: 'no rain', check: ({ text }: { text: string }) => text.includes('rain') };
      const desk = defineAgent({ name: 'desk', outputGuardrails: [rain] });
      return talk({ agent: desk }, [{ said: 'It will rain.' }], async ({ session, event }) => {
        await session.sendMessage('weather?');
        expect(await event('guardrail.tripped')).toMatchObject({ guardrail: 'no rain' });
      });
    },
  },
  realtime_handoff: {
    ours: '`handoff(agent, { toolName, toolDescription, parameters, onHandoff, enabled })`',
    note: 'There is no input filter here either: the model keeps the conversation.',
    check: () => {
      const given: unknown[] = [];
      const way = handoff(billing, {
        toolName: 'to_the_bills',
        toolDescription: 'For bills',
        parameters: z.object({ reason: z.string() }),
        onHandoff: (input) => void given.push(input),
      });
      const closed = handoff(defineAgent({ name: 'sales' }), { enabled: false });
      const desk = defineAgent({ name: 'desk', handoffs: [way, closed] });
      const turn = { tool: { name: 'to_the_bills', arguments: { reason: 'late' } }, said: 'Yes.' };
      return talk({ agent: desk }, [turn], async ({ session, event, wire }) => {
        await session.sendMessage('my bill');
        await event('agent.handoff');
        expect(given).toEqual([{ reason: 'late' }]);
        expect(wire.join('\n')).toContain('For bills');
        expect(wire.join('\n')).not.toContain('transfer_to_sales');
      });
    },
  },
  function_tool: {
    ours: '`defineTool({ name, description, parameters, execute, … })`',
    note: '`timeoutMs`, `onTimeout`, `approval`, `inputGuardrails`, `background`, `cancelOnInterrupt`.',
    check: () => {
      const weather = defineTool({
        name: 'weather',
        description: 'The weather',
        parameters: z.object({ city: z.string() }),
        execute: ({ city }) => `Sunny in ${city}`,
      });
      const turn = { tool: { name: 'weather', arguments: { city: 'Riga' } }, said: 'Sunny.' };
      return talk({ tools: [weather] }, [turn], async ({ session, event }) => {
        await session.sendMessage('weather?');
        expect(await event('tool.finished')).toMatchObject({ output: 'Sunny in Riga' });
      });
    },
  },
} satisfies Record<KeyOf<'agent'>, Row>;
