import type { RealtimeSessionCreateRequest } from 'openai/resources/realtime/realtime';
import { describe, expect, it } from 'vitest';
import type { SessionSettings } from '../../../src/contract/settings.js';
import { createCompatibleCodec } from '../../../src/providers/compatible/codec.js';
import { betaDialect, gaDialect, type Switches } from '../../../src/providers/compatible/switches.js';
import { openai } from '../../../src/providers/openai/provider.js';

function sent(settings: SessionSettings, switches: Switches = gaDialect): unknown {
  return sessionOf(createCompatibleCodec(switches).encode({ type: 'session.update', settings }));
}

function byOpenai(settings: SessionSettings): unknown {
  const codec = openai.codec({ model: openai.defaultModel, env: {} });
  return sessionOf(codec.encode({ type: 'session.update', settings }));
}

function sessionOf([frame]: readonly (string | Uint8Array)[]): unknown {
  return JSON.parse(String(frame)).session;
}

/** The compiler checks the official names. */
function official(session: Partial<RealtimeSessionCreateRequest>): unknown {
  return expect.objectContaining(session);
}

describe('settings on the wire', () => {
  it.each([
    [{}, { create_response: true, interrupt_response: true }],
    [{ createResponse: false }, { create_response: false, interrupt_response: true }],
    [{ interruptResponse: false }, { create_response: true, interrupt_response: false }],
  ] as const)('say what follows a turn: %o', (asked, written) => {
    for (const [type, name] of [
      ['server', 'server_vad'],
      ['semantic', 'semantic_vad'],
    ] as const) {
      expect(sent({ turnDetection: { type, ...asked } })).toMatchObject({
        audio: { input: { turn_detection: { type: name, ...written } } },
      });
    }
  });

  it('leave that out if the vendor does not support it', () => {
    const turnDetection = { type: 'server', createResponse: false } as const;
    const session = sent({ turnDetection }, { ...gaDialect, turnsSayWhatFollows: false });
    expect(session).toMatchObject({ audio: { input: { turn_detection: { type: 'server_vad' } } } });
    expect(JSON.stringify(session)).not.toContain('create_response');
  });

  it('name a custom voice by its id', () => {
    expect(sent({ voice: 'id:voice_123' })).toMatchObject({
      audio: { output: { voice: { id: 'voice_123' } } },
    });
    expect(sent({ voice: 'id:voice_123' }, betaDialect)).toMatchObject({ voice: 'voice_123' });
  });

  it('allow parallel calls, unlimited answers and no trace', () => {
    expect(byOpenai({ parallelToolCalls: true, maxOutputTokens: 'inf', tracing: 'off' })).toEqual(
      official({ parallel_tool_calls: true, max_output_tokens: 'inf', tracing: null }),
    );
    expect(byOpenai({ tracing: { workflowName: 'Desk', groupId: 'g', metadata: { shift: 2 } } })).toEqual(
      official({ tracing: { workflow_name: 'Desk', group_id: 'g', metadata: { shift: 2 } } }),
    );
  });

  it.each([
    ['gpt-realtime-whisper', { delay: 'low' }, { delay: 'low' }],
    ['gpt-4o-transcribe', { delay: 'low' }, {}],
    ['gpt-live-transcribe', { languages: ['de', 'en'] }, { languages: ['de', 'en'] }],
    ['whisper-1', { languages: ['de', 'en'] }, { language: 'de' }],
    ['my-own-whisper', { delay: 'high' }, { delay: 'high' }],
  ] as const)('give the transcription model %s only what it supports', (model, asked, written) => {
    expect(byOpenai({ transcription: { model, ...asked } })).toMatchObject({
      audio: { input: { transcription: { model, ...written } } },
    });
    const { transcription } = (
      byOpenai({ transcription: { model, ...asked } }) as { audio: { input: Record<string, object> } }
    ).audio.input;
    expect(Object.keys(transcription ?? {}).sort()).toEqual(['model', ...Object.keys(written)].sort());
  });

  it('warn about what the transcription model does not support', () => {
    const notes = (transcription: SessionSettings['transcription']) =>
      openai
        .notes?.({ transcription }, { model: openai.defaultModel, env: {} })
        .map(({ message }) => message);
    expect(notes({ delay: 'low' })).toEqual([expect.stringContaining('"delay" has no effect')]);
    expect(notes({ languages: ['de', 'en'] })).toEqual([expect.stringContaining('de is used')]);
    expect(notes({ model: 'gpt-realtime-whisper', delay: 'low' })).toEqual([]);
    expect(notes({ languages: ['de'] })).toEqual([]);
  });
});
