import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/contract/commands.js';
import type { TurnDetection } from '../../../src/contract/settings.js';
import { dashscope } from '../../../src/providers/dashscope/provider.js';

const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xd9]);
const base64 = Buffer.from(jpeg).toString('base64');
/** 250 ms of audio. */
const sound = { type: 'audio.append', audio: new Uint8Array(8000) } as const;
const commit = { type: 'audio.commit' } as const;

function picture(name: string): Command {
  return {
    type: 'item.create',
    item: { kind: 'image', itemId: name, mime: 'image/jpeg', data: jpeg },
    eventId: name,
  };
}

/** Sent frames, one word each: `s` for audio, the event id of an image, `again` for an image without one, `commit`. */
function open(turnDetection: TurnDetection) {
  const codec = dashscope.codec({ model: dashscope.defaultModel, env: {} });
  codec.encode({ type: 'session.update', settings: { turnDetection } });
  return {
    send: (...commands: readonly Command[]) =>
      commands
        .flatMap((command) => codec.encode(command))
        .map((frame) => JSON.parse(String(frame)))
        .map(({ type, event_id }) => {
          if (type === 'input_image_buffer.append') return event_id ?? 'again';
          return type === 'input_audio_buffer.append' ? 's' : String(type).split('.').at(-1);
        })
        .join(' '),
    hear: (type: string) => codec.decode(JSON.stringify({ type, event_id: 'e', item_id: 'item_u' })),
    codec,
  };
}

describe('an image', () => {
  it('goes into the buffer, without a data URL', () => {
    const { codec } = open({ type: 'server' });
    codec.encode(sound);
    const frames = codec.encode(picture('image_1')).map((frame) => JSON.parse(String(frame)));
    expect(frames).toEqual([{ type: 'input_image_buffer.append', event_id: 'image_1', image: base64 }]);
  });

  it('waits for the first audio', () => {
    const { send } = open({ type: 'server' });
    expect(send(picture('a'))).toBe('');
    expect(send(sound)).toBe('s a');
    expect(send(sound)).toBe('s');
  });

  it('follows another after a second of audio', () => {
    const { send } = open({ type: 'none' });
    expect(send(sound, picture('a'), picture('b'))).toBe('s a');
    expect(send(sound, sound, sound, sound, sound)).toBe('s s s s b s');
  });
});

describe('a text message', () => {
  const text = { type: 'item.create', item: { kind: 'message', role: 'user', text: 'What is it?' } } as const;

  it('cannot carry an image, which is reported once', () => {
    const { send, hear } = open({ type: 'server' });
    send(picture('a'), text);
    expect(hear('input_audio_buffer.cleared')).toMatchObject([
      { type: 'input.cleared' },
      { type: 'error', code: 'image.waiting', fatal: false },
    ]);
    expect(hear('input_audio_buffer.cleared')).toEqual([{ type: 'input.cleared' }]);
    expect(send(sound)).toBe('s a');
  });

  it('reports nothing if no image waits', () => {
    const { send, hear } = open({ type: 'server' });
    send(sound, picture('a'), text);
    expect(hear('input_audio_buffer.cleared')).toEqual([{ type: 'input.cleared' }]);
  });
});

describe('turns that the client ends', () => {
  it('take all waiting images, and the next turn starts with audio', () => {
    const { send } = open({ type: 'none' });
    expect(send(sound, picture('a'), picture('b'), commit)).toBe('s a b commit');
    expect(send(picture('c'))).toBe('');
    expect(send(sound)).toBe('s c');
  });

  it('take no image with an empty commit', () => {
    const { send } = open({ type: 'none' });
    expect(send(picture('a'), commit, sound)).toBe('commit s a');
  });

  it('start again after the buffer was cleared', () => {
    const { send } = open({ type: 'none' });
    expect(send(sound, { type: 'audio.clear' }, picture('a'))).toBe('s clear');
  });

  it('show nothing twice', () => {
    const { send, hear } = open({ type: 'client' });
    send(sound, picture('a'));
    hear('input_audio_buffer.speech_started');
    expect(send(...new Array(8).fill(sound))).not.toContain('again');
  });
});

describe('turns that the server ends', () => {
  it('repeat an image once a second while the user speaks, and not in later turns', () => {
    const { send, hear } = open({ type: 'semantic' });
    send(sound, picture('a'));
    expect(send(...new Array(8).fill(sound))).toBe('s s s s s s s s');
    hear('input_audio_buffer.speech_started');
    expect(send(...new Array(9).fill(sound))).toBe('s again s s s s again s s s s again');
    hear('input_audio_buffer.speech_stopped');
    hear('input_audio_buffer.committed');
    hear('input_audio_buffer.speech_started');
    expect(send(...new Array(8).fill(sound))).toBe('s s s s s s s s');
  });

  it('do not repeat it without end', () => {
    const { send, hear } = open({ type: 'server' });
    send(sound, picture('a'));
    hear('input_audio_buffer.speech_started');
    const shown = send(...new Array(100).fill(sound)).split('again').length - 1;
    expect(shown).toBe(10);
  });

  it('keep an image that came after the turn was heard', () => {
    const { send, hear } = open({ type: 'server' });
    send(sound, picture('a'));
    hear('input_audio_buffer.committed');
    hear('input_audio_buffer.speech_started');
    expect(send(...new Array(4).fill(sound))).toContain('again');
  });
});
