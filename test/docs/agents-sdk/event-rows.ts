import { expect } from 'vitest';
import type { ModelEvent } from '../../../src/contract/events.js';
import type { SessionEventBody } from '../../../src/contract/session-events.js';
import { ScriptedTalk } from '../../conversation/support/scripted-talk.js';
import type { KeyOf } from './keys.js';
import type { Row } from './rows.js';
import { talk } from './talk.js';

type EventName = SessionEventBody['type'];

/** What a conversation tells its user when this happens in it. */
function tells(type: EventName, fields: object, happen: (scripted: ScriptedTalk) => void): () => void {
  return () => {
    const scripted = new ScriptedTalk();
    expect(scripted.emitted(type)).toEqual([]);
    happen(scripted);
    expect(scripted.emitted(type)).toContainEqual(expect.objectContaining(fields));
  };
}

const answering = (scripted: ScriptedTalk): ScriptedTalk =>
  scripted.turn('u').model({ type: 'response.created', responseId: 'r' }).say('r', 'a', 'Hello', 400);
const over: ModelEvent = { type: 'response.done', responseId: 'r', status: 'completed' };
const calling = (scripted: ScriptedTalk): ScriptedTalk => scripted.turn('u').call('r', 'c1').model(over);

const handedOver = tells('agent.handoff', { from: 'desk', to: 'billing' }, (scripted) => {
  const handoff = { from: 'desk', to: 'billing', settings: { instructions: 'Bill.' } };
  calling(scripted).feed({
    type: 'tool.ended',
    callId: 'c1',
    outcome: { kind: 'finished', output: 'ok', durationMs: 1, handoff },
  });
});
const toolBegan = tells('tool.started', { callId: 'c1', name: 'weather', arguments: {} }, calling);
const toolEnded = tells('tool.finished', { callId: 'c1', name: 'weather', output: 'sunny' }, (scripted) => {
  calling(scripted).result('c1');
});
const asked = (): Promise<void> => {
  const tool = { name: 'pay', description: 'Pays', approval: 'ask', execute: () => 'paid' } as const;
  return talk({ tools: [tool] }, [{ tool: { name: 'pay' }, said: 'Done.' }], async ({ session, event }) => {
    await session.sendMessage('pay');
    const { callId } = await event('tool.approval.required', ({ name }) => name === 'pay');
    expect(session.approve(callId)).toBe(true);
    expect(await event('tool.finished')).toMatchObject({ callId, output: 'paid' });
  });
};
const raw = (): Promise<void> =>
  talk({}, [{ said: 'Hello.' }], async ({ session, event }) => {
    const received: string[] = [];
    session.on('raw', ({ direction, frame }) => {
      if (direction === 'received') received.push(String(frame));
    });
    await session.sendMessage('hi');
    await event('response.done');
    expect(received.some((frame) => frame.includes('"type":"response.done"'))).toBe(true);
  });

export const events = {
  agent_start: {
    ours: '`response.started`',
    note: '`agent` says whose answer it is.',
    check: tells('response.started', { responseId: 'r' }, answering),
  },
  agent_end: {
    ours: '`response.done`',
    note: 'With status, and how long the user waited for the first sound.',
    check: tells('response.done', { responseId: 'r', status: 'completed' }, (scripted) => {
      answering(scripted).model(over);
    }),
  },
  handoff: { ours: '`agent.handoff`: `from`, `to`', check: handedOver },
  tool_start: {
    ours: '`tool.started`',
    note: 'If a tool needs permission, this comes when it starts to run.',
    check: toolBegan,
  },
  tool_end: {
    ours: '`tool.finished`, `tool.failed` or `tool.cancelled`',
    note: 'Three events, so that you do not have to read the output to know.',
    check: () => {
      toolEnded();
      tells('tool.failed', { callId: 'c1', code: 'timeout' }, (scripted) => {
        const outcome = {
          kind: 'failed',
          code: 'timeout',
          message: 'm',
          output: 'o',
          durationMs: 1,
        } as const;
        calling(scripted).feed({ type: 'tool.ended', callId: 'c1', outcome });
      })();
      tells('tool.cancelled', { callId: 'c1' }, (scripted) => {
        calling(scripted).model({ type: 'tool.call.cancelled', callIds: ['c1'] });
      })();
    },
  },
  tool_approval_required: {
    ours: '`tool.approval.required`; then `session.approve` or `session.reject`',
    check: asked,
  },
  raw_model_event: {
    ours: '`session.on("raw", …)`',
    note: 'Both directions, without keys.',
    check: raw,
  },
  audio: {
    ours: '`assistant.audio`',
    note: '`pcm` in code; base64 with `--json-audio`.',
    check: async () => {
      tells('assistant.audio', { itemId: 'a', contentIndex: 0, bytes: 19_200 }, answering)();
      await talk({ sound: 'virtual' }, [{ said: 'Hello.' }], async ({ session, event }) => {
        await session.sendMessage('hi');
        const { pcm, bytes } = await event('assistant.audio');
        expect(pcm.byteLength).toBe(bytes);
      });
    },
  },
  audio_end: {
    ours: '`assistant.audio.done`',
    note: 'All of it has arrived; `response.done` and the history say what was heard.',
    check: tells('assistant.audio.done', { itemId: 'a', receivedMs: 400 }, (scripted) => {
      answering(scripted).model({ type: 'audio.done', responseId: 'r', itemId: 'a', contentIndex: 0 });
    }),
  },
  audio_interrupted: {
    ours: '`playback.cleared`: `heardMs`, `receivedMs`',
    note:
      'What the device has played, in samples. The SDK assumes that sound is played the moment it arrives, and tells the model so ' +
      'unless a tracker says otherwise.',
    check: tells('playback.cleared', { itemId: 'a', heardMs: 120, receivedMs: 400 }, (scripted) => {
      answering(scripted).model({ type: 'speech.started', itemId: 'u2' });
      const [clear] = scripted.did('playback.clear');
      scripted.cleared(clear?.epoch ?? -1, 'a', 120);
    }),
  },
  error: {
    ours: '`error`; harmless problems are a `warning`',
    note: 'With a code and, if there is one, a hint.',
    check: tells('error', { code: 'server_error', message: 'It broke.' }, (scripted) => {
      scripted.model({
        type: 'error',
        code: 'server_error',
        message: 'It broke.',
        fatal: false,
        source: 'provider',
      });
    }),
  },
  history_updated: {
    ours: '`history.updated`; all of it is `session.history`',
    note: 'One item at a time, with its index; so a long conversation costs no more per event than a short one.',
    check: tells(
      'history.updated',
      { change: 'updated', item: expect.objectContaining({ text: 'hi' }) },
      (scripted) => {
        scripted.turn('u').model({ type: 'user.transcript.done', itemId: 'u', text: 'hi' });
      },
    ),
  },
  history_added: {
    ours: '`history.updated` with `change: "added"`',
    check: tells('history.updated', { change: 'added', index: 0 }, (scripted) => {
      scripted.turn('u');
    }),
  },
  guardrail_tripped: {
    ours: '`guardrail.tripped`',
    note: 'The rest of the answer that was not heard yet is never played.',
    check: tells('guardrail.tripped', { guardrail: 'no rain', responseId: 'r' }, (scripted) => {
      answering(scripted).feed({
        type: 'guardrail.tripped',
        guardrail: 'no rain',
        responseId: 'r',
        message: 'It said rain.',
        feedback: 'Do not say rain.',
      });
      expect(scripted.did('playback.clear')).toHaveLength(1);
    }),
  },
  input_audio_timeout_triggered: {
    ours: '`input.timeout`',
    check: tells('input.timeout', { itemId: 'i' }, (scripted) => {
      scripted.model({ type: 'input.timeout', itemId: 'i' });
    }),
  },
} satisfies Record<KeyOf<'events'>, Row>;

export const jsEvents = {
  agent_handoff: { ours: '`agent.handoff`', check: handedOver },
  agent_tool_start: { ours: '`tool.started`', check: toolBegan },
  agent_tool_end: { ours: '`tool.finished`, `tool.failed` or `tool.cancelled`', check: toolEnded },
  transport_event: { ours: '`session.on("raw", …)`', check: raw },
  audio_start: {
    ours: 'the first `assistant.audio` of a response',
    check: tells('assistant.audio', { responseId: 'r' }, answering),
  },
  audio_stopped: {
    ours: '`assistant.audio.done`',
    check: tells('assistant.audio.done', { responseId: 'r' }, (scripted) => {
      answering(scripted).model(over);
    }),
  },
  tool_approval_requested: { ours: '`tool.approval.required`', check: asked },
  mcp_tool_call_completed: {
    ours: '`tool.finished`',
    note: 'A call to one of your MCP servers is like any other call. Calls that the provider runs itself appear as `raw`.',
    check: toolEnded,
  },
  mcp_tools_changed: {
    ours: '`mcp.server`',
    note: 'Connected, changed, lost, restored or failed; with the names of its tools.',
    check: async () => {
      const silent = { name: 'absent', command: '/nowhere/at/all' };
      await talk({ mcpServers: [silent] }, [], async ({ event }) => {
        expect(await event('mcp.server')).toMatchObject({ server: 'absent', state: 'failed' });
      });
    },
  },
} satisfies Record<KeyOf<'jsEvents'>, Row>;
