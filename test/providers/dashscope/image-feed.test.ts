import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/contract/commands.js';
import type { TurnDetection } from '../../../src/contract/settings.js';
import { dashscope } from '../../../src/providers/dashscope/provider.js';

const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xd9]);
const base64 = Buffer.from(jpeg).toString('base64');
/** 250 ms of sound. */
const sound = { type: 'audio.append', audio: new Uint8Array(8000) } as const;
const commit = { type: 'audio.commit' } as const;

function picture(name: string): Command {
  return {
    type: 'item.create',
    item: { kind: 'image', itemId: name, mime: 'image/jpeg', data: jpeg },
    eventId: name,
  };
}

/** What is sent, one word per frame: `s` for sound, the event id of an image, `again` for one without, `commit`. */
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
  it('lies in the buffer, without a data address', () => {
    const { codec } = open({ type: 'server' });
    codec.encode(sound);
    const frames = codec.encode(picture('image_1')).map((frame) => JSON.parse(String(frame)));
    expect(frames).toEqual([{ type: 'input_image_buffer.append', event_id: 'image_1', image: base64 }]);
  });

  it('waits for the first sound', () => {
    const { send } = open({ type: 'server' });
    expect(send(picture('a'))).toBe('');
    expect(send(sound)).toBe('s a');
    expect(send(sound)).toBe('s');
  });

  it('follows another after a second of sound', () => {
    const { send } = open({ type: 'none' });
    expect(send(sound, picture('a'), picture('b'))).toBe('s a');
    expect(send(sound, sound, sound, sound, sound)).toBe('s s s s b s');
  });
});

describe('a written message', () => {
  const text = { type: 'item.create', item: { kind: 'message', role: 'user', text: 'What is it?' } } as const;

  it('cannot take an image along, which is said once', () => {
    const { send, hear } = open({ type: 'server' });
    send(picture('a'), text);
    expect(hear('input_audio_buffer.cleared')).toMatchObject([
      { type: 'input.cleared' },
      { type: 'error', code: 'image.waiting', fatal: false },
    ]);
    expect(hear('input_audio_buffer.cleared')).toEqual([{ type: 'input.cleared' }]);
    expect(send(sound)).toBe('s a');
  });

  it('is no matter where no image waits', () => {
    const { send, hear } = open({ type: 'server' });
    send(sound, picture('a'), text);
    expect(hear('input_audio_buffer.cleared')).toEqual([{ type: 'input.cleared' }]);
  });
});

describe('where we end the turns', () => {
  it('all that waits goes with the turn, and the next turn begins with sound', () => {
    const { send } = open({ type: 'none' });
    expect(send(sound, picture('a'), picture('b'), commit)).toBe('s a b commit');
    expect(send(picture('c'))).toBe('');
    expect(send(sound)).toBe('s c');
  });

  it('an empty commit does not take an image along', () => {
    const { send } = open({ type: 'none' });
    expect(send(picture('a'), commit, sound)).toBe('commit s a');
  });

  it('a cleared buffer is an empty one', () => {
    const { send } = open({ type: 'none' });
    expect(send(sound, { type: 'audio.clear' }, picture('a'))).toBe('s clear');
  });

  it('nothing is shown twice', () => {
    const { send, hear } = open({ type: 'client' });
    send(sound, picture('a'));
    hear('input_audio_buffer.speech_started');
    expect(send(...new Array(8).fill(sound))).not.toContain('again');
  });
});

describe('where the server ends the turns', () => {
  it('it is shown again once a second while the user speaks, and not in later turns', () => {
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

  it('is not shown without end', () => {
    const { send, hear } = open({ type: 'server' });
    send(sound, picture('a'));
    hear('input_audio_buffer.speech_started');
    const shown = send(...new Array(100).fill(sound)).split('again').length - 1;
    expect(shown).toBe(10);
  });

  it('a turn that was heard before the image does not use it up', () => {
    const { send, hear } = open({ type: 'server' });
    send(sound, picture('a'));
    hear('input_audio_buffer.committed');
    hear('input_audio_buffer.speech_started');
    expect(send(...new Array(4).fill(sound))).toContain('again');
  });
});
