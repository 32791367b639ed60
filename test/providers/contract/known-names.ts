import type { Command } from '../../../src/contract/commands.js';
import type { ModelEvent } from '../../../src/contract/events.js';

// Types leave nothing behind at run time: the compiler checks that these lists name every member, once.
const events: Record<ModelEvent['type'], true> = {
  'session.created': true,
  'session.updated': true,
  'session.ended': true,
  'speech.started': true,
  'speech.stopped': true,
  'input.committed': true,
  'input.cleared': true,
  'input.timeout': true,
  'item.added': true,
  'item.done': true,
  'item.deleted': true,
  'item.truncated': true,
  'user.transcript.delta': true,
  'user.transcript.updated': true,
  'user.transcript.done': true,
  'user.transcript.failed': true,
  'response.created': true,
  'response.done': true,
  'output.started': true,
  'output.stopped': true,
  'output.cleared': true,
  'output.item.added': true,
  'output.item.done': true,
  'audio.delta': true,
  'audio.done': true,
  'text.delta': true,
  'text.done': true,
  'tool.delta': true,
  'tool.called': true,
  'tool.call.cancelled': true,
  'server.tool.started': true,
  'server.tool.done': true,
  interrupted: true,
  usage: true,
  'rate.limits': true,
  'going.away': true,
  'resume.handle': true,
  error: true,
  other: true,
};

export const eventNames: ReadonlySet<string> = new Set(Object.keys(events));

/** One command of every type and, where it matters, of every kind. */
export const commands: readonly Command[] = Object.values({
  'session.update': [
    { type: 'session.update', settings: {} },
    {
      type: 'session.update',
      eventId: 'vt_1',
      settings: {
        instructions: 'Be brief.',
        voice: 'cedar',
        modality: 'audio',
        tools: [
          { name: 'get_time', description: 'The time', parameters: { type: 'object', properties: {} } },
        ],
        toolChoice: { name: 'get_time' },
        turnDetection: { type: 'server', threshold: 0.6, silenceMs: 400 },
        transcription: { language: 'de' },
        noiseReduction: 'near',
        speed: 1.1,
        maxOutputTokens: 512,
        reasoningEffort: 'low',
      },
    },
  ],
  'turn.begin': [{ type: 'turn.begin' }],
  'audio.append': [{ type: 'audio.append', audio: new Uint8Array([1, 0, 2, 0]) }],
  'audio.commit': [{ type: 'audio.commit', eventId: 'vt_2' }],
  'audio.clear': [{ type: 'audio.clear', eventId: 'vt_3' }],
  'item.create': [
    { type: 'item.create', item: { kind: 'message', role: 'user', text: 'Hello' } },
    {
      type: 'item.create',
      item: { kind: 'message', role: 'assistant', text: 'Hi' },
      previousItemId: 'item_1',
    },
    { type: 'item.create', item: { kind: 'image', mime: 'image/png', data: new Uint8Array([1, 2, 3]) } },
    { type: 'item.create', item: { kind: 'tool.call', callId: 'call_1', name: 'get_time', arguments: '{}' } },
    { type: 'item.create', item: { kind: 'tool.output', callId: 'call_1', output: '{}' }, eventId: 'vt_4' },
  ],
  'item.truncate': [
    { type: 'item.truncate', itemId: 'item_1', contentIndex: 0, audioEndMs: 420, eventId: 'vt_5' },
  ],
  'item.delete': [{ type: 'item.delete', itemId: 'item_1', eventId: 'vt_6' }],
  'response.create': [{ type: 'response.create', eventId: 'vt_7' }, { type: 'response.create' }],
  'output.clear': [{ type: 'output.clear', eventId: 'vt_9' }],
  'response.cancel': [
    { type: 'response.cancel', responseId: 'resp_1', eventId: 'vt_8' },
    { type: 'response.cancel' },
  ],
} satisfies { [T in Command['type']]: readonly Extract<Command, { type: T }>[] }).flat();
