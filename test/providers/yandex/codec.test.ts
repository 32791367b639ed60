import { describe, expect, it } from 'vitest';
import { samplesOf } from '../../../src/audio/samples/pcm16.js';
import { adviceOn } from '../../../src/cli/advice.js';
import type { Command } from '../../../src/contract/commands.js';
import type { ModelEvent } from '../../../src/contract/events.js';
import type { SessionSettings } from '../../../src/contract/settings.js';
import type { ConnectionSettings } from '../../../src/providers/provider.js';
import { yandex } from '../../../src/providers/yandex/provider.js';

function open(connection: Partial<ConnectionSettings> = {}) {
  const codec = yandex.codec({ model: yandex.defaultModel, env: {}, ...connection });
  return {
    send: (...commands: Command[]): unknown[] =>
      commands.flatMap((command) => codec.encode(command)).map((frame) => JSON.parse(String(frame))),
    receive: (...frames: object[]): ModelEvent[] =>
      frames.flatMap((frame) => codec.decode(JSON.stringify(frame))),
  };
}

function update(settings: SessionSettings, connection: Partial<ConnectionSettings> = {}): unknown {
  return open(connection).send({ type: 'session.update', settings })[0];
}

const part = { response_id: 'resp_1', item_id: 'item_a', content_index: 0 };
const created = { type: 'response.created', response: { id: 'resp_1' } };
const done = { type: 'response.done', response: { id: 'resp_1', status: 'completed' } };
const echo = (rate: unknown) => ({
  type: 'session.updated',
  session: { audio: { output: { format: { type: 'audio/pcm', rate } } } },
});

/** A tone of this length at this rate. */
function tone(seconds: number, rateHz: number): object {
  const samples = new Int16Array(Math.round(seconds * rateHz)).map(
    (_, n) => 8000 * Math.sin((2 * Math.PI * 440 * n) / rateHz),
  );
  const delta = Buffer.from(samples.buffer).toString('base64');
  return { type: 'response.output_audio.delta', ...part, delta };
}

function soundOf(events: readonly ModelEvent[]): Float32Array {
  return samplesOf(
    Buffer.concat(events.flatMap((event) => (event.type === 'audio.delta' ? [event.audio] : []))),
  );
}

/** Rising zero crossings per second, at 24 kHz. */
function pitch(samples: Float32Array): number {
  let crossings = 0;
  for (let n = 1; n < samples.length; n += 1) {
    if ((samples[n - 1] ?? 0) < 0 && (samples[n] ?? 0) >= 0) crossings += 1;
  }
  return (crossings * 24_000) / samples.length;
}

describe('settings', () => {
  it('contain what the server has no documented default for', () => {
    expect(update({ instructions: 'Be brief.', transcription: { language: 'ru' } })).toEqual({
      type: 'session.update',
      session: {
        instructions: 'Be brief.',
        output_modalities: ['audio'],
        audio: {
          input: {
            format: { type: 'audio/pcm', rate: 24_000 },
            turn_detection: { type: 'server_vad', threshold: 0.5, silence_duration_ms: 400 },
            languages: ['ru-RU'],
          },
          output: { format: { type: 'audio/pcm', rate: 24_000 }, voice: 'dasha' },
        },
      },
    });
  });

  it('send what was asked for', () => {
    const settings: SessionSettings = {
      voice: 'ermil',
      modality: 'text',
      turnDetection: {
        type: 'server',
        threshold: 0.4,
        prefixPaddingMs: 300,
        silenceMs: 700,
        idleTimeoutMs: 5000,
      },
      toolChoice: { name: 'get_time' },
      tools: [{ name: 'get_time', description: 'The time', parameters: { type: 'object' } }],
      temperature: 0.3,
      maxOutputTokens: 100,
      speed: 1.2,
    };
    expect(update(settings, { language: 'pt-PT', options: { outputRateHz: 44_100 } })).toEqual({
      type: 'session.update',
      session: {
        output_modalities: ['text'],
        audio: {
          input: {
            format: { type: 'audio/pcm', rate: 24_000 },
            turn_detection: { type: 'server_vad', threshold: 0.4, silence_duration_ms: 700 },
            languages: ['pt-PT'],
          },
          output: { format: { type: 'audio/pcm', rate: 44_100 }, voice: 'ermil' },
        },
        tools: [
          { type: 'function', name: 'get_time', description: 'The time', parameters: { type: 'object' } },
        ],
        tool_choice: { type: 'function', name: 'get_time' },
      },
    });
  });

  it('switch turn detection off with null', () => {
    expect(update({ turnDetection: { type: 'client' } })).toHaveProperty(
      'session.audio.input.turn_detection',
      null,
    );
  });

  it('are patches after the first', () => {
    const link = open();
    link.send({ type: 'session.update', settings: {} });
    expect(link.send({ type: 'session.update', settings: { instructions: 'New.' } })).toEqual([
      { type: 'session.update', session: { instructions: 'New.' } },
    ]);
  });

  it('give the variables of a stored prompt with both names, and do not replace its voice', () => {
    expect(update({ prompt: { id: 'p1', variables: { name: 'Anna' } } })).toEqual({
      type: 'session.update',
      session: {
        prompt: { id: 'p1', variables: { name: 'Anna', '{{name}}': 'Anna' } },
        audio: {
          input: { format: { type: 'audio/pcm', rate: 24_000 } },
          output: { format: { type: 'audio/pcm', rate: 24_000 } },
        },
      },
    });
  });

  it('include extra fields beside the voice', () => {
    const extra = { audio: { output: { role: 'friendly' } } };
    expect(update({ extra })).toMatchObject({
      session: { audio: { output: { voice: 'dasha', role: 'friendly' } } },
    });
  });

  it('ask for text and audio in the former dialect', () => {
    const options = { legacy: true };
    expect(update({ modality: 'audio' }, { options })).toMatchObject({
      session: { output_modalities: ['text', 'audio'] },
    });
    expect(open({ options }).send({ type: 'response.create', eventId: 'r' })).toEqual([
      {
        type: 'response.create',
        event_id: 'r',
        response: { modalities: ['audio', 'text'], conversation: 'default' },
      },
    ]);
  });
});

describe('frames of the conversation', () => {
  it('have no extra fields where the reference shows none', () => {
    expect(
      open().send(
        { type: 'response.create', eventId: 'r' },
        { type: 'response.cancel', responseId: 'resp_1', eventId: 'x' },
        { type: 'item.truncate', itemId: 'item_a', contentIndex: 0, audioEndMs: 2250 },
        { type: 'item.create', item: { kind: 'message', role: 'user', text: 'Привет' } },
        { type: 'item.create', item: { kind: 'tool.output', callId: 'call_1', output: '{}' } },
      ),
    ).toEqual([
      { type: 'response.create', event_id: 'r' },
      { type: 'response.cancel', event_id: 'x', response_id: 'resp_1' },
      { type: 'conversation.item.truncate', item_id: 'item_a', content_index: 0, audio_end_ms: 2250 },
      {
        type: 'conversation.item.create',
        item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Привет' }] },
      },
      {
        type: 'conversation.item.create',
        item: { type: 'function_call_output', call_id: 'call_1', output: '{}' },
      },
    ]);
  });

  it('contain no messages of the assistant, which would be refused', () => {
    expect(
      open().send({ type: 'item.create', item: { kind: 'message', role: 'assistant', text: 'Hi' } }),
    ).toEqual([]);
  });
});

describe('searches of the server', () => {
  const declare: Command = {
    type: 'session.update',
    settings: { serverTools: [{ type: 'web_search' }, { type: 'file_search', storeIds: ['fvt1', 'fvt2'] }] },
  };
  const call = (name: string) => ({
    type: 'response.output_item.done',
    response_id: 'resp_1',
    item: { id: `item_${name}`, type: 'function_call', call_id: `call_${name}`, name, arguments: '{}' },
  });

  it('are functions with fixed names; the description of a file search is its store', () => {
    expect(open().send(declare)).toMatchObject([
      {
        session: {
          tools: [
            { type: 'function', name: 'web_search', parameters: '{}' },
            { type: 'function', name: 'file_search', description: 'fvt1', parameters: '{}' },
          ],
        },
      },
    ]);
  });

  it('are answered by the server, not by us', () => {
    const link = open();
    link.send(declare);
    const called = link.receive(call('web_search'), call('file_search'), call('get_time'), done);
    expect(called.filter(({ type }) => type === 'tool.called')).toMatchObject([{ name: 'get_time' }]);
  });

  it('do not affect our tool of the same name', () => {
    expect(open().receive(call('web_search'))).toMatchObject([
      {},
      { type: 'tool.called', name: 'web_search' },
    ]);
  });
});

it('a refused model ends the session, and the hint tells how models are named', () => {
  const error = { type: 'invalid_request_error', code: 'invalid_value', message: "Invalid model URI: 'x'" };
  expect(open().receive({ type: 'error', error })).toMatchObject([
    { fatal: true, cause: 'model', hint: expect.stringContaining('gpt://') },
  ]);
});

describe('an interrupted answer', () => {
  const next = { type: 'response.created', response: { id: 'resp_2' } };
  const usage = { input_tokens: 5, output_tokens: 7 };

  it('ends once, when the next starts, and its usage counts whenever it comes', () => {
    const link = open();
    expect(link.receive(created, next)).toMatchObject([
      { type: 'response.created', responseId: 'resp_1' },
      { type: 'response.done', responseId: 'resp_1', status: 'cancelled' },
      { type: 'response.created', responseId: 'resp_2' },
    ]);
    const late = { type: 'response.done', response: { id: 'resp_1', status: 'cancelled', usage } };
    expect(link.receive(late)).toMatchObject([{ type: 'usage', usage: { total: 12 } }]);
    expect(link.receive({ ...done, response: { id: 'resp_2', status: 'completed' } })).toMatchObject([
      { type: 'response.done', responseId: 'resp_2' },
    ]);
  });

  it('is not ended twice', () => {
    expect(open().receive(created, done, next)).toMatchObject([
      {},
      { type: 'response.done' },
      { responseId: 'resp_2' },
    ]);
  });
});

describe('the delivered sample rate', () => {
  const end = { type: 'response.output_audio.done', ...part };

  it.each([
    ['no rate means 44.1 kHz', null, 44_100],
    ['a rate is believed', 44_100, 44_100],
    ['so is another one', 16_000, 16_000],
  ])('%s', (_name, echoed, rateHz) => {
    const samples = soundOf(open().receive(echo(echoed), created, tone(0.5, rateHz), tone(0.5, rateHz), end));
    expect(samples.length).toBe(24_000);
    expect(pitch(samples)).toBeCloseTo(440, -1);
  });

  it.each([
    ['as asked', 24_000],
    ['nonsense', 'fast'],
    ['beyond all sound', 1e9],
  ])('without a copy: %s', (_name, echoed) => {
    const samples = soundOf(open().receive(echo(echoed), created, tone(0.5, 24_000), end));
    expect(samples.length).toBe(12_000);
    expect(pitch(samples)).toBeCloseTo(440, -1);
  });

  it('is the configured one, whatever the server returns', () => {
    const link = open({ options: { outputRateHz: 24_000 } });
    expect(soundOf(link.receive(echo(null), created, tone(0.5, 24_000), end)).length).toBe(12_000);
  });

  it('flushes each part before its end, and nothing after it', () => {
    const events = open().receive(echo(null), created, tone(0.1, 44_100), end, end);
    expect(events.map(({ type }) => type)).toEqual([
      'session.updated',
      'response.created',
      'audio.delta',
      'audio.delta',
      'audio.done',
      'audio.done',
    ]);
  });
});

describe('the speaking rate of the first answers', () => {
  const text = 'Сегодня ясно и тепло, ветер слабый, а вечером обещают небольшой дождь и прохладу у реки.';
  const say = (seconds: number, words = text) => [
    created,
    { type: 'response.output_text.delta', ...part, delta: words },
    tone(seconds, 24_000),
    done,
  ];
  const doubts = (events: readonly ModelEvent[]) =>
    events.flatMap((event) => (event.type === 'error' ? [`${event.message} ${adviceOn(event)}`] : []));

  it('of a real voice causes no warning', () => {
    for (const pace of [11, 14, 19]) expect(doubts(open().receive(...say(text.length / pace)))).toEqual([]);
  });

  it('of 44.1 kHz played at 24 kHz causes one warning that names the option', () => {
    const link = open();
    const events = link.receive(...say((text.length / 14) * (44_100 / 24_000)));
    expect(doubts(events)).toEqual([
      expect.stringMatching(/implausibly slow:.*"outputRateHz" to 44100 \(providers\.yandex\.outputRateHz\)/),
    ]);
    expect(events.at(-1)?.type).toBe('response.done');
    expect(doubts(link.receive(...say((text.length / 14) * 1.84)))).toEqual([]);
  });

  it('of 24 kHz played at 44.1 kHz does, too', () => {
    const events = open().receive(echo(null), ...say(text.length / 14));
    expect(doubts(events)).toEqual([
      expect.stringMatching(/implausibly fast:.*"outputRateHz" to 24000 \(providers\.yandex\.outputRateHz\)/),
    ]);
  });

  it.each([
    ['a short answer', 'Да, конечно.'],
    ['numbers', `${text} 1024 2048 4096`],
  ])('causes no warning for %s', (_name, words) => {
    expect(doubts(open().receive(...say(30, words)))).toEqual([]);
  });
});

describe('the transcript of the user', () => {
  const heard = (item_id: string, transcript: string) => ({
    type: 'conversation.item.input_audio_transcription.completed',
    item_id,
    transcript,
  });
  const text = (...frames: object[]) =>
    open()
      .receive(...frames)
      .flatMap((event) => ('text' in event ? [event.text] : []));

  it('loses the words of the turn before', () => {
    const first = heard('u1', 'Расскажи о Москве.');
    expect(text(first, heard('u2', 'Расскажи о Москве. А о Казани?'))).toEqual([
      'Расскажи о Москве.',
      'А о Казани?',
    ]);
    expect(
      text(
        first,
        heard('u2', 'Расскажи о Москве. А о Казани?'),
        heard('u3', 'Расскажи о Москве. А о Казани? Спасибо.'),
      ).at(-1),
    ).toBe('Спасибо.');
  });

  it.each([
    ['if it is said again', 'Расскажи о Москве.'],
    ['if it starts a longer word', 'Расскажи о Москвереке.'],
    ['if it starts an address', 'Расскажи о Москве.ру'],
  ])('is kept %s', (_name, transcript) => {
    expect(text(heard('u1', 'Расскажи о Москве'), heard('u2', transcript)).at(-1)).toBe(transcript);
  });

  it('takes time in proportion to its length', () => {
    const begin = performance.now();
    const endless = `Расскажи о Москве.${' '.repeat(100_000)}`;
    expect(text(heard('u1', 'Расскажи о Москве.'), heard('u2', endless)).at(-1)).toBe(endless);
    expect(performance.now() - begin).toBeLessThan(2000);
  });

  it('is kept if it only starts with a short sentence', () => {
    expect(text(heard('u1', 'Да'), heard('u2', 'Да, хочу.')).at(-1)).toBe('Да, хочу.');
    expect(text(heard('u1', 'Да.'), heard('u2', 'Да. Хочу.')).at(-1)).toBe('Хочу.');
  });

  it('confirms a committed turn once if nothing else does', () => {
    const link = open();
    link.send({ type: 'audio.commit', eventId: 'c' });
    const events = link.receive(
      heard('u1', 'Привет'),
      { type: 'input_audio_buffer.committed', item_id: 'u1' },
      heard('u1', 'Привет, как дела?'),
    );
    expect(events.filter(({ type }) => type === 'input.committed')).toEqual([
      { type: 'input.committed', itemId: 'u1' },
    ]);
  });
});
