import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/contract/commands.js';
import { ConversationIds } from '../../../src/conversation/core/conversation-ids.js';
import type { VendorOptions } from '../../../src/providers/vendor-options.js';
import { volcengine } from '../../../src/providers/volcengine/provider.js';

function open(options: VendorOptions = {}) {
  const codec = volcengine.codec({ model: volcengine.defaultModel, env: {}, options });
  return {
    send: (...commands: Command[]): unknown[] =>
      commands.flatMap((command) => codec.encode(command)).map((frame) => JSON.parse(String(frame))),
    receive: (...frames: object[]) => frames.flatMap((frame) => codec.decode(JSON.stringify(frame))),
    keepAlive: () => codec.keepAlive?.().map((frame): unknown => JSON.parse(String(frame))),
  };
}

const sound: Command = { type: 'audio.append', audio: new Uint8Array(2) };
const heard = (item_id: string) => ({
  type: 'conversation.item.input_audio_transcription.completed',
  item_id,
  transcript: '你好',
});
const created = (id: string) => ({ type: 'response.created', response: { id } });

describe('settings', () => {
  it('are flat, in the beta’s words, without turn detection', () => {
    const [frame] = open().send({
      type: 'session.update',
      eventId: 'vt_settings_1',
      settings: {
        instructions: 'Be brief.',
        voice: 'zh_female_tianmeiyueyue_moon_bigtts',
        turnDetection: { type: 'server' },
        transcription: { language: 'zh', model: 'whisper-1' },
        tools: [{ name: 'get_time', description: 'The time', parameters: { type: 'object' } }],
        toolChoice: 'auto',
        temperature: 0.8,
        maxOutputTokens: 400,
        noiseReduction: 'near',
      },
    });
    expect(frame).toEqual({
      type: 'session.update',
      event_id: 'vt_settings_1',
      session: {
        instructions: 'Be brief.',
        voice: 'zh_female_tianmeiyueyue_moon_bigtts',
        modalities: ['text', 'audio'],
        input_audio_format: 'pcm16',
        output_audio_format: 'pcm16',
        input_audio_transcription: { model: 'any' },
        turn_detection: null,
        tools: [
          { type: 'function', name: 'get_time', description: 'The time', parameters: { type: 'object' } },
        ],
        tool_choice: 'auto',
        temperature: 0.8,
        max_response_output_tokens: 400,
      },
    });
  });

  it('ask for audio even if only text is needed: there is no answer without it', () => {
    const [frame] = open().send({ type: 'session.update', settings: { modality: 'text' } });
    expect(frame).toMatchObject({ session: { modalities: ['text', 'audio'] } });
  });

  it('do not replace the instructions and tools of a bot', () => {
    const [frame] = open({ bot: '7' }).send({
      type: 'session.update',
      settings: { instructions: 'Be brief.', tools: [], voice: 'zh_1' },
    });
    expect(frame).not.toHaveProperty('session.instructions');
    expect(frame).not.toHaveProperty('session.tools');
    expect(frame).toMatchObject({ session: { voice: 'zh_1' } });
  });

  it('are sent before the first sound only, keep-alive included', () => {
    const update: Command = { type: 'session.update', settings: { voice: 'zh_1' } };
    const talking = open();
    expect(talking.send(update)).toHaveLength(1);
    talking.send(sound);
    expect(talking.send(update)).toEqual([]);
    const idle = open();
    expect(idle.keepAlive()).toEqual([
      { type: 'input_audio_buffer.append', audio: Buffer.alloc(640).toString('base64') },
    ]);
    expect(idle.send(update)).toEqual([]);
  });

  it('include the user’s extra fields', () => {
    const settings = { extra: { temperature: 0.2 } };
    expect(open().send({ type: 'session.update', settings })).toMatchObject([
      { session: { temperature: 0.2 } },
    ]);
  });
});

describe('a turn', () => {
  it('is committed, and its answer asked for with both modalities', () => {
    expect(
      open().send({ type: 'audio.commit', eventId: 'c' }, { type: 'response.create', eventId: 'r' }),
    ).toEqual([
      { type: 'input_audio_buffer.commit', event_id: 'c' },
      { type: 'response.create', event_id: 'r', response: { modalities: ['text', 'audio'] } },
    ]);
  });

  it('is cancelled without the id of the answer, and not at all with a bot', () => {
    const cancel: Command = { type: 'response.cancel', responseId: 'resp_1', eventId: 'x' };
    expect(open().send(cancel)).toEqual([{ type: 'response.cancel', event_id: 'x' }]);
    expect(open({ bot: '7' }).send(cancel)).toEqual([]);
  });

  it('adds function results, and nothing that the gateway does not accept', () => {
    const result: Command = {
      type: 'item.create',
      item: { kind: 'tool.output', callId: 'call_1', output: '{}' },
    };
    expect(open().send(result)).toEqual([
      {
        type: 'conversation.item.create',
        item: { type: 'function_call_output', call_id: 'call_1', output: '{}' },
      },
    ]);
    const refused: Command[] = [
      { type: 'item.create', item: { kind: 'message', role: 'user', text: 'Hi' } },
      { type: 'item.truncate', itemId: 'a', contentIndex: 0, audioEndMs: 10 },
      { type: 'item.delete', itemId: 'a' },
      { type: 'audio.clear' },
    ];
    expect(open().send(...refused)).toEqual([]);
  });
});

describe('the confirmation of a turn', () => {
  const commit: Command = { type: 'audio.commit', eventId: 'vt_commit_1' };
  const confirmations = (events: { type: string }[]) =>
    events.filter(({ type }) => type === 'input.committed');

  it('is the transcript if nothing came before', () => {
    const link = open();
    link.send(sound, commit);
    expect(link.receive(heard('item_1'), created('resp_1'))).toMatchObject([
      { type: 'input.committed', itemId: 'item_1' },
      { type: 'user.transcript.done', itemId: 'item_1' },
      { type: 'response.created' },
    ]);
  });

  it('comes once, whatever the server repeats', () => {
    const link = open();
    link.send(sound, commit);
    const events = link.receive(
      {
        type: 'conversation.item.created',
        item: { id: 'item_1', type: 'message', role: 'user', content: [] },
      },
      { type: 'input_audio_buffer.committed', item_id: 'item_1' },
      heard('item_1'),
      created('resp_1'),
    );
    expect(confirmations(events)).toEqual([{ type: 'input.committed', itemId: 'item_1' }]);
  });

  it('is the answer if nothing names the turn, and a later transcript belongs to that turn', () => {
    const link = open();
    link.send(sound, commit);
    const events = link.receive(
      created('resp_1'),
      { type: 'input_audio_buffer.committed', item_id: 'item_1' },
      heard('item_1'),
    );
    expect(events).toMatchObject([
      { type: 'input.committed', itemId: 'local_turn_1' },
      { type: 'response.created' },
      { type: 'user.transcript.done', itemId: 'local_turn_1' },
    ]);
    link.send(sound, commit);
    expect(link.receive(heard('item_2'))).toMatchObject([
      { type: 'input.committed', itemId: 'item_2' },
      { type: 'user.transcript.done', itemId: 'item_2' },
    ]);
  });

  it('has another name on every connection', () => {
    const ids = new ConversationIds();
    // A bot takes its conversation up with all ids; what was named here has to be told apart all the same.
    const turns = [1, 2].flatMap((connection) => {
      if (connection > 1) ids.connectionBegins(true);
      const link = open({ bot: '7' });
      link.send(commit);
      return link.receive(created('r')).map((event) => ids.inward(event));
    });
    expect(turns).toMatchObject([
      { itemId: 'local_turn_1' },
      { responseId: 'r' },
      { itemId: 'local_turn_1~2' },
      { responseId: 'r' },
    ]);
  });

  it.each([{ event_id: 'vt_commit_1' }, {}])('does not come for a refused commit (%o)', (quoted) => {
    const link = open();
    link.send(sound, commit);
    const error = { type: 'invalid_request_error', message: 'empty', ...quoted };
    expect(confirmations(link.receive({ type: 'error', error }, created('resp_1')))).toEqual([]);
  });

  it('does not come for an answer to a tool', () => {
    expect(confirmations(open().receive(created('resp_1')))).toEqual([]);
  });
});

describe('a bot', () => {
  const session = { type: 'session.created', session: { id: 'sess_1' } };

  it('gives a handle to continue with', () => {
    expect(open({ bot: '7' }).receive(session)).toContainEqual({ type: 'resume.handle', handle: 'sess_1' });
    expect(open({ bot: '7' }).receive({ type: 'session.created', session: {} })).toHaveLength(1);
  });

  it('is the only one that does', () => {
    expect(open().receive(session)).toHaveLength(1);
  });
});
