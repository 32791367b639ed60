import type { Command } from '../../contract/commands.js';
import type { SessionSettings } from '../../contract/settings.js';

const tool = { name: 'get_time', description: 'The time', parameters: { type: 'object', properties: {} } };

/** Settings of every kind, for providers that support them. */
export const sampleSettings: readonly SessionSettings[] = [
  {},
  {
    instructions: 'Be brief.',
    voice: 'cedar',
    modality: 'audio',
    tools: [tool],
    toolChoice: { name: 'get_time' },
    turnDetection: { type: 'server', threshold: 0.6, silenceMs: 400 },
    transcription: { language: 'de' },
    noiseReduction: 'near',
    speed: 1.1,
    maxOutputTokens: 512,
    reasoningEffort: 'low',
  },
  {
    modality: 'text',
    tools: [{ ...tool, blocking: false }],
    serverTools: [{ type: 'web_search' }, { type: 'mcp', label: 'files', url: 'https://example.org/mcp' }],
    toolChoice: 'required',
    parallelToolCalls: false,
    turnDetection: { type: 'semantic', eagerness: 'high', createResponse: false, interruptResponse: false },
    transcription: {
      model: 'whisper',
      languages: ['de', 'en'],
      prompt: 'Names',
      keywords: ['Ada'],
      delay: 'low',
    },
    noiseReduction: 'off',
    maxOutputTokens: 'inf',
    temperature: 0.8,
    prompt: { id: 'prompt_1', version: '2', variables: { city: 'Oslo' } },
    tracing: { workflowName: 'talk' },
    contextTruncation: { retentionRatio: 0.8 },
    extra: { vendor: { field: true } },
  },
  { turnDetection: { type: 'none' }, tracing: 'off', contextTruncation: 'disabled', toolChoice: 'none' },
];

/** One command of every type and, where it matters, of every kind. The compiler checks that all are present. */
export const sampleCommands: readonly Command[] = Object.values({
  'session.update': sampleSettings.map((settings, place) => ({
    type: 'session.update',
    settings,
    ...(place > 0 && { eventId: `vt_settings_${place}` }),
  })),
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
    { type: 'item.create', item: { kind: 'message', role: 'system', text: 'It is late.', itemId: 'item_2' } },
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
