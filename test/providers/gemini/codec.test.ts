import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/contract/commands.js';
import type { ModelEvent } from '../../../src/contract/events.js';
import { ConversationIds } from '../../../src/conversation/core/conversation-ids.js';
import { createGeminiCodec } from '../../../src/providers/gemini/codec.js';
import type { Codec } from '../../../src/providers/provider.js';
import { loadSessions } from '../contract/golden-frames.js';

const model = 'gemini-3.8-live';
const speech: Command = { type: 'audio.append', audio: new Uint8Array(640) };
const typed: Command = { type: 'item.create', item: { kind: 'message', role: 'user', text: 'Hi' } };
const create: Command = { type: 'response.create' };

function start(
  settings: Extract<Command, { type: 'session.update' }>['settings'] = { transcription: {} },
): Codec {
  const codec = createGeminiCodec({ model, env: {} });
  codec.encode({ type: 'session.update', settings });
  codec.decode('{"setupComplete":{}}');
  return codec;
}

function send(codec: Codec, ...commands: Command[]): void {
  for (const command of commands) codec.encode(command);
}

function receive(codec: Codec, ...messages: object[]): ModelEvent[] {
  return messages.flatMap((message) => codec.decode(JSON.stringify(message)));
}

function types(events: readonly ModelEvent[]): string[] {
  return events.map((event) => ('responseId' in event ? `${event.type} ${event.responseId}` : event.type));
}

const pcm = (bytes: number) =>
  Buffer.from(Uint8Array.from({ length: bytes }, (_, n) => n + 1)).toString('base64');
const sound = (data = pcm(4), mimeType = 'audio/pcm;rate=24000') => {
  return { serverContent: { modelTurn: { parts: [{ inlineData: { mimeType, data } }] } } };
};
const heard = (text: string) => ({ serverContent: { inputTranscription: { text } } });
const said = (text: string) => ({ serverContent: { outputTranscription: { text } } });
const turnComplete = { serverContent: { turnComplete: true } };
const interrupted = { serverContent: { interrupted: true } };
const call = { toolCall: { functionCalls: [{ id: 'c', name: 'f', args: {} }] } };

describe('transcripts of the user', () => {
  it('are reported only if transcription was asked for', () => {
    const codec = start({});
    send(codec, speech);
    const events = receive(codec, heard('Hello.'), sound(), turnComplete);
    expect(events.filter(({ type }) => type.startsWith('user.'))).toEqual([]);
    expect(types(events)).toContain('input.committed');
  });
});

describe('speech signals', () => {
  const begins = { voiceActivity: { type: 'ACTIVITY_START', audioOffset: '1s' } };
  const ends = { voiceActivity: { type: 'ACTIVITY_END', audioOffset: '2s' } };

  it('are ignored if we end turns ourselves', () => {
    const codec = start({ turnDetection: { type: 'none' } });
    send(codec, { type: 'turn.begin' }, speech, { type: 'audio.commit' });
    expect(types(receive(codec, begins, ends))).toEqual(['input.committed']);
  });

  it('name no turn while the transcript of the last one is due', () => {
    const codec = start();
    send(codec, speech);
    const events = receive(codec, sound(), begins, heard('Hello.'), interrupted, heard('Wait.'));
    expect(events.find(({ type }) => type === 'speech.started')).toMatchObject({ itemId: undefined });
    expect(events.filter(({ type }) => type.startsWith('user.'))).toMatchObject([
      { type: 'user.transcript.delta', itemId: 'user_1', delta: 'Hello.' },
      { type: 'user.transcript.done', itemId: 'user_1', text: 'Hello.' },
      { type: 'user.transcript.delta', itemId: 'user_4', delta: 'Wait.' },
    ]);
  });
});

describe('frames', () => {
  it.each(loadSessions('gemini'))('$name in binary', ({ steps }) => {
    const codec = createGeminiCodec({ model, env: {} });
    for (const { frame, events } of steps) {
      expect(codec.decode(Buffer.from(JSON.stringify(frame)))).toEqual(events);
    }
  });

  it.each(['Good morning', 'Grüß Gott, 你好'])('of long audio keep everything around it: %s', (text) => {
    const codec = start();
    const base64 = pcm(6000);
    const { serverContent } = sound(base64);
    const message = { serverContent: { ...serverContent, outputTranscription: { text } }, usageMetadata: {} };
    for (const frame of [
      JSON.stringify(message),
      JSON.stringify(message, null, 1),
      Buffer.from(JSON.stringify(message)),
    ]) {
      const events = codec.decode(frame);
      const audio = events.find((event) => event.type === 'audio.delta');
      expect(audio && Buffer.from(audio.audio).toString('base64')).toBe(base64);
      expect(events.find((event) => event.type === 'text.delta')).toMatchObject({ delta: text });
    }
  });

  it('with a function argument called data are not audio', () => {
    const data = 'x'.repeat(5000);
    const [, , called] = receive(start(), {
      toolCall: { functionCalls: [{ id: 'c', name: 'f', args: { data } }] },
    });
    expect(called).toMatchObject({ type: 'tool.called', arguments: JSON.stringify({ data }) });
  });

  it('may contain several audio parts', () => {
    const part = (n: number) => ({ inlineData: { mimeType: 'audio/pcm;rate=24000', data: pcm(n) } });
    const events = receive(start(), { serverContent: { modelTurn: { parts: [part(4000), part(2000)] } } });
    const lengths = events.flatMap((event) => (event.type === 'audio.delta' ? [event.audio.length] : []));
    expect(lengths).toEqual([4000, 2000]);
  });
});

describe('audio of another rate', () => {
  it('is converted to the rate of the profile, to its last sample', () => {
    const codec = start();
    const events = receive(
      codec,
      ...Array.from({ length: 10 }, () =>
        sound(Buffer.alloc(320).toString('base64'), 'audio/pcm;rate=16000'),
      ),
      { serverContent: { generationComplete: true } },
    );
    const bytes = events.reduce(
      (sum, event) => sum + (event.type === 'audio.delta' ? event.audio.length : 0),
      0,
    );
    expect(bytes).toBe(10 * 480);
    expect(events.at(-1)?.type).toBe('audio.done');
  });

  it('may be cut in the middle of a sample', () => {
    const events = receive(start(), sound(pcm(3)), sound(pcm(5)));
    const lengths = events.flatMap((event) => (event.type === 'audio.delta' ? [event.audio.length] : []));
    expect(lengths).toEqual([2, 6]);
  });
});

describe("the user's turn", () => {
  it('comes before the reply, even if its transcript comes later', () => {
    const codec = start();
    send(codec, speech);
    const events = receive(codec, sound(), heard('What time'), heard(' is it?'), turnComplete);
    expect(types(events)).toEqual([
      'input.committed',
      'response.created resp_2',
      'output.item.added resp_2',
      'audio.delta resp_2',
      'user.transcript.delta',
      'user.transcript.delta',
      'user.transcript.done',
      'audio.done resp_2',
      'output.item.done resp_2',
      'response.done resp_2',
    ]);
    expect(events[6]).toMatchObject({ itemId: 'user_1', text: 'What time is it?' });
  });

  it('has an empty transcript if none comes', () => {
    const codec = start();
    send(codec, speech);
    expect(receive(codec, sound(), turnComplete)).toContainEqual({
      type: 'user.transcript.done',
      itemId: 'user_1',
      text: '',
    });
    const silent = start({});
    send(silent, speech);
    expect(types(receive(silent, sound(), turnComplete))).not.toContain('user.transcript.done');
  });

  it('is not made up if a typed message, a result or the model itself starts the reply', () => {
    const codec = start();
    send(codec, speech, typed, create);
    expect(types(receive(codec, sound(), turnComplete))).not.toContain('input.committed');
    receive(codec, call, turnComplete);
    send(codec, { type: 'item.create', item: { kind: 'tool.output', callId: 'c', output: '1' } }, speech);
    expect(types(receive(codec, sound(), turnComplete))).not.toContain('input.committed');
    expect(types(receive(codec, sound(), turnComplete))).not.toContain('input.committed');
  });

  it('continues through the end of the reply before it', () => {
    const codec = start();
    send(codec, speech);
    receive(codec, sound(), { serverContent: { inputTranscription: { text: 'One.', finished: true } } });
    send(codec, speech);
    const events = receive(codec, heard('Tw'), interrupted, turnComplete, heard('o.'), sound(), turnComplete);
    const done = events.filter((event) => event.type === 'user.transcript.done');
    expect(done).toMatchObject([{ text: 'Two.' }]);
  });

  it('is confirmed by the next message if we ended it', () => {
    const codec = start({ turnDetection: { type: 'none' } });
    send(codec, { type: 'turn.begin' }, speech, { type: 'audio.commit' });
    expect(receive(codec, { serverContent: {} })).toEqual([{ type: 'input.committed', itemId: 'user_1' }]);
    expect(types(receive(codec, sound()))).not.toContain('input.committed');
    receive(codec, turnComplete);
    send(codec, { type: 'turn.begin' }, speech, { type: 'audio.commit' });
    expect(receive(codec, heard('Two'))[0]).toMatchObject({ type: 'input.committed', itemId: 'user_4' });
  });
});

describe('a reply', () => {
  it('does not start with a transcript alone, which may belong to the one before', () => {
    const codec = start();
    expect(receive(codec, said('late'))).toEqual([]);
    expect(receive(codec, sound())).toContainEqual(
      expect.objectContaining({ type: 'text.delta', delta: 'late' }),
    );
  });

  it('that has a transcript and no audio is reported at its end', () => {
    const events = receive(start(), said('Only '), said('words.'), turnComplete);
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'text.done', text: 'Only words.', spoken: true }),
    );
    expect(events.at(-1)).toMatchObject({ type: 'response.done', status: 'completed' });
  });

  it('that never comes after a typed message ends at once', () => {
    const codec = start();
    send(codec, typed, create);
    expect(types(receive(codec, turnComplete))).toEqual(['response.created resp_1', 'response.done resp_1']);
    expect(receive(codec, turnComplete)).toEqual([]);
  });

  it('that was interrupted before it started still settles its request, before the interruption cancels anything', () => {
    const codec = start();
    send(codec, typed, create);
    expect(types(receive(codec, interrupted, turnComplete))).toEqual([
      'response.created resp_1',
      'interrupted',
      'response.done resp_1',
    ]);
  });

  it('keeps audio and text apart', () => {
    const { modelTurn } = sound().serverContent;
    const events = receive(
      start(),
      { serverContent: { modelTurn: { parts: [...modelTurn.parts, { text: 'Note' }] } } },
      said('Say'),
    );
    const texts = events.filter((event) => event.type === 'text.delta');
    expect(texts).toMatchObject([
      { contentIndex: 1, delta: 'Note', spoken: false },
      { contentIndex: 0, delta: 'Say', spoken: true },
    ]);
  });

  it('gets the same id on every connection, and another one in the conversation', () => {
    const ids = new ConversationIds();
    const names = [1, 2].map((connection) => {
      if (connection > 1) ids.connectionBegins(false);
      return receive(createGeminiCodec({ model, env: {} }), sound()).map((event) => ids.inward(event))[0];
    });
    expect(names).toMatchObject([{ responseId: 'resp_1' }, { responseId: 'resp_1~2' }]);
  });
});

describe('a cancelled reply', () => {
  it('ends without cancelling the message that replaces it', () => {
    const codec = start();
    receive(codec, sound());
    send(codec, { type: 'response.cancel', responseId: 'resp_1' }, typed, create);
    expect(types(receive(codec, interrupted))).toEqual([
      'audio.done resp_1',
      'output.item.done resp_1',
      'response.done resp_1',
    ]);
    // The end of the interrupted turn is not the answer.
    expect(receive(codec, turnComplete)).toEqual([]);
    expect(types(receive(codec, sound()))[0]).toBe('response.created resp_3');
  });

  it('continues with its own id if the server answers in order', () => {
    const codec = start();
    receive(codec, sound());
    send(codec, { type: 'response.cancel' }, typed, create);
    expect(types(receive(codec, sound(), turnComplete)).every((type) => type.endsWith('resp_1'))).toBe(true);
    expect(types(receive(codec, sound()))[0]).toBe('response.created resp_3');
  });

  it('makes room at once if it was only waiting for a tool', () => {
    const codec = start();
    receive(codec, call);
    send(codec, { type: 'response.cancel' }, typed, create);
    expect(types(receive(codec, sound())).slice(0, 2)).toEqual([
      'response.done resp_1',
      'response.created resp_3',
    ]);
  });

  it('is not kept open by background thinking', () => {
    const codec = start();
    receive(codec, sound());
    send(codec, { type: 'response.cancel' });
    const events = receive(codec, {
      serverContent: { turnComplete: true, interactionStatus: 'IN_PROGRESS' },
    });
    expect(events.at(-1)?.type).toBe('response.done');
  });

  it('is not the one with another id', () => {
    const codec = start();
    receive(codec, sound());
    send(codec, { type: 'response.cancel', responseId: 'resp_0' });
    expect(types(receive(codec, interrupted))[0]).toBe('interrupted');
  });
});

describe('tools', () => {
  it('with endlessly nested arguments are reported as an error', () => {
    const args = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    const frame = `{"toolCall":{"functionCalls":[{"id":"c","name":"f","args":${args}}]}}`;
    expect(start().decode(frame)).toMatchObject([{ type: 'error', source: 'protocol' }]);
  });

  it('that run in the background do not end the current item', () => {
    const codec = start({ tools: [{ name: 'f', description: 'F', parameters: {}, blocking: false }] });
    const events = receive(codec, sound(), call, sound());
    expect(events.filter((event) => event.type === 'output.item.added')).toHaveLength(1);
    const blocking = receive(start(), sound(), call, sound());
    expect(blocking.filter((event) => event.type === 'output.item.added')).toHaveLength(2);
  });
});

describe('fields of the user', () => {
  it('go into the setup with any name', () => {
    const extra: Record<string, unknown> = JSON.parse('{"generationConfig":{"__proto__":{"topK":1}}}');
    const codec = createGeminiCodec({ model, env: {} });
    const [frame] = codec.encode({ type: 'session.update', settings: { extra } });
    expect(frame).toContain('"__proto__":{"topK":1}');
    expect(frame).toContain('"responseModalities":["AUDIO"]');
  });
});
