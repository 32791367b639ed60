import { afterEach, describe, expect, it } from 'vitest';
import type { MessageItem } from '../../src/contract/items.js';
import type { SessionEventBody } from '../../src/contract/session-events.js';
import { PtyTalk, type TalkOptions } from './pty-talk.js';

let talk: PtyTalk;

async function start(options: TalkOptions = {}): Promise<PtyTalk> {
  talk = await PtyTalk.start(options);
  await talk.screen.shows('●');
  return talk;
}

afterEach(() => talk.close());

function message(
  change: 'added' | 'updated',
  index: number,
  role: 'user' | 'assistant',
  state: MessageItem['state'],
  text = '',
): SessionEventBody {
  const item = { kind: 'message', itemId: `${role}${index}`, role, text, state } as const;
  return { type: 'history.updated', change, index, item };
}

function said(index: number, text: string): SessionEventBody {
  return {
    type: 'assistant.text.delta',
    responseId: 'r',
    itemId: `assistant${index}`,
    contentIndex: 0,
    delta: text,
  };
}

const chinese = '明天柏林的天气怎么样？我想知道要不要带雨伞出门。';
const arabic = 'مرحبا بالعالم كيف حالك اليوم';
const family = '👨‍👩‍👧‍👦';

/** A question in Chinese, a tool call, an answer with emoji and right-to-left words. */
const conversation: SessionEventBody[] = [
  message('added', 0, 'user', 'pending'),
  { type: 'user.transcript.done', itemId: 'user0', text: chinese, typed: false },
  { type: 'tool.started', callId: 'c', name: 'get_weather', arguments: { place: 'Berlin' } },
  { type: 'tool.finished', callId: 'c', name: 'get_weather', output: '{}', durationMs: 420 },
  message('added', 2, 'assistant', 'pending'),
  said(2, `Sunny ${family} ${arabic}`),
  message('updated', 2, 'assistant', 'done', `Sunny ${family} ${arabic}`),
  { type: 'response.done', responseId: 'r', status: 'completed', heardMs: 1240 },
];

const quiet = { output: { quiet: true } };

describe('the conversation', () => {
  it('fits into 40 columns', async () => {
    const { screen } = await start({ columns: 40, ...quiet });
    await talk.direct({ emit: conversation });
    await screen.shows('1.2 s');
    expect(screen.rows).toEqual([
      'you      明天柏林的天气怎么样？我想知道',
      '         要不要带雨伞出门。',
      'tool     get_weather(place: Berlin) ·',
      '         done · 0.4 s',
      `voxterm  \u2068Sunny ${family} مرحبا بالعالم كيف\u2069`,
      '         \u2068حالك اليوم\u2069',
      '● listening  mic ····  out ····  1.2 s',
      'm mute · i interrupt · ? help · q quit',
    ]);
  });

  it('uses 120 columns', async () => {
    const { screen } = await start({ columns: 120, ...quiet });
    await talk.direct({ emit: conversation });
    await screen.shows('1.2 s');
    expect(screen.rows).toEqual([
      `you      ${chinese}`,
      'tool     get_weather(place: Berlin) · done · 0.4 s',
      `voxterm  \u2068Sunny ${family} ${arabic}\u2069`,
      '● listening  mic ········  out ········  1.2 s  fake · parrot-1',
      'm mute · i interrupt · Enter type · ? help · q quit',
    ]);
  });

  it('shows words as they come, and an interrupted answer only as far as it was heard', async () => {
    const { screen } = await start(quiet);
    await talk.direct({
      state: 'speaking',
      emit: [
        message('added', 0, 'user', 'pending'),
        message('added', 1, 'assistant', 'pending'),
        said(1, 'One two three'),
      ],
    });
    await screen.shows(/^you {6}…\nvoxterm {2}One two three\n● speaking/m);
    await talk.direct({
      state: 'hearing',
      emit: [
        { type: 'playback.cleared', itemId: 'assistant1', heardMs: 500, receivedMs: 1500 },
        message('updated', 1, 'assistant', 'cut', 'One'),
        { type: 'user.transcript.done', itemId: 'user0', text: 'Count!', typed: false },
      ],
    });
    await screen.shows(/^you {6}Count!\nvoxterm {2}One —\n● hearing/m);
    expect(screen.text).not.toContain('three');
  });

  it('keeps an answer longer than the screen, without repeating a row', async () => {
    const { screen } = await start({ columns: 60, rows: 12, ...quiet });
    const sentences = Array.from({ length: 40 }, (_, index) => `This is sentence number ${index}.`);
    await talk.direct({ emit: [message('added', 0, 'assistant', 'pending')] });
    for (let index = 0; index < 40; index += 8) {
      await talk.direct({ emit: [said(0, `${sentences.slice(index, index + 8).join('\n')}\n`)] });
      await screen.shows(sentences[index + 7] ?? '');
    }
    await talk.direct({ emit: [message('updated', 0, 'assistant', 'done', sentences.join('\n'))] });
    await screen.shows('number 0.');
    expect(screen.rows.map((row) => row.slice(9)).slice(0, 40)).toEqual(sentences);
    expect(screen.rows).toHaveLength(42);
  });

  it('lets no escape sequence of a model reach the terminal', async () => {
    const { screen } = await start(quiet);
    await talk.direct({
      emit: [
        message('added', 0, 'assistant', 'pending'),
        said(0, '\x1b[2Jsafe\x1b]0;evil\x07\x1b[?1049h'),
        message('updated', 0, 'assistant', 'done', '\x1b[2Jsafe\x1b]0;evil\x07'),
      ],
    });
    await screen.shows('voxterm  safe');
    expect(screen.raw).not.toMatch(/\x1b\[2J|evil|1049/);
  });

  it('moves the meters', async () => {
    const { screen } = await start(quiet);
    await talk.direct({ levels: [1, 0.02] });
    await screen.shows(/mic ████/);
    await screen.shows(/mic ········ {2}out ········/);
  });
});

describe('permission', () => {
  const waits = (callId: string, name: string, place: string): SessionEventBody => ({
    type: 'tool.approval.required',
    callId,
    name,
    arguments: { place },
  });

  it('is asked for by one key, while the other keys keep their meaning', async () => {
    const { screen } = await start({ columns: 100, ...quiet });
    await talk.direct({
      emit: [waits('c1', 'disk__copy', '\x1b[2Jhere'), waits('c2', 'disk__move', 'x'.repeat(90))],
    });
    await screen.shows('Allow disk__copy(place: here)? y once, a always, n no (1 more)');
    screen.type('m');
    await talk.called('setMuted true');
    screen.type('y');
    await talk.called('approve c1');
    await screen.shows(/Allow disk__move\(place: x+…\)?\? y once, a always, n no$/m);
    screen.type('a');
    await talk.called('approve c2 always');
    await screen.until(() => !screen.text.includes('Allow'), 'no question');
    screen.type('n');
    await screen.shows('Enter opens the line');
    expect(talk.calls).not.toContain('reject c1');
  });

  it('is refused by n, and no longer asked for when the call is over', async () => {
    const { screen } = await start(quiet);
    await talk.direct({ emit: [waits('c1', 'copy', 'a'), waits('c2', 'move', 'b')] });
    await screen.shows('Allow copy');
    await talk.direct({ emit: [{ type: 'tool.cancelled', callId: 'c1', name: 'copy', reason: 'late' }] });
    await screen.shows('Allow move');
    // Right after a question has disappeared on its own, a key is ignored; the user presses it again.
    const pressing = setInterval(() => screen.type('n'), 100);
    await talk.called('reject c2').finally(() => clearInterval(pressing));
    expect(talk.calls).not.toContain('reject c1');
    await screen.until(() => !screen.text.includes('Allow'), 'no question');
  });

  it('takes a letter alone, not the beginning of a message', async () => {
    const { screen } = await start({ sound: null, ...quiet });
    await talk.direct({ emit: [waits('c1', 'copy', 'a')] });
    await screen.shows('n no, then Enter');
    screen.type('yesterday\r');
    await talk.called('sendText yesterday');
    screen.type('y\r');
    await talk.called('approve c1');
    expect(talk.calls).not.toContain('sendText y');
  });
});

describe('agents and cost', () => {
  it('stand in the status line and in the transcript', async () => {
    const count = { text: 1, audio: 0, image: 0, cached: 0 };
    const usage = { input: count, output: count, total: 2 };
    const cost = { amount: 0.01, session: 0.0123, currency: 'USD', pricesOf: '2026-11-21' };
    const { screen } = await start({ columns: 120, ...quiet });
    await talk.direct({
      emit: [
        { type: 'agent.handoff', from: 'front', to: 'billing' },
        { type: 'usage', usage, session: usage, cost },
      ],
    });
    await screen.shows(/^agent {4}→ billing\n● listening {2}billing .*0\.0123 USD/m);
  });
});

describe('keys', () => {
  it('types, edits and sends a message', async () => {
    const { screen } = await start(quiet);
    screen.type('\r');
    await screen.shows('›');
    screen.type('hello 世界x');
    screen.type('\x7f\x1b[D\x1b[D');
    screen.type('👋');
    await screen.shows('› hello 👋世界');
    // The terminal's own cursor is after what was typed, for input methods.
    expect(screen.cursor).toEqual({ row: 2, column: 9 });
    screen.type('\r');
    await talk.called('sendText hello 👋世界');
    await screen.shows(/^you {6}hello 👋世界\n● listening/m);
    screen.type('\r\x1b[A');
    await screen.shows('› hello 👋世界');
    screen.type('\x1b');
    await screen.until(() => !screen.text.includes('›'), 'the line to close');
    expect(talk.calls.filter((call) => call !== 'connected')).toEqual(['sendText hello 👋世界']);
  });

  it('takes a paste as text, never as commands', async () => {
    const { screen } = await start(quiet);
    screen.type('\x1b[200~quit\nmute\x1b[201~');
    await screen.shows('› quit↵mute');
    screen.type('\r');
    await talk.called('sendText quit\nmute');
  });

  it('mutes, interrupts and helps', async () => {
    const { screen } = await start(quiet);
    screen.type('m');
    await talk.called('setMuted true');
    await screen.shows('● muted');
    expect(screen.raw).toContain('\x1b]2;voxterm – muted\x07');
    screen.type('m');
    await talk.called('setMuted false');
    screen.type('i\x1b');
    await screen.until(
      () => talk.calls.filter((call) => call === 'interrupt').length === 2,
      'two interruptions',
    );
    screen.type('?');
    await screen.shows(/^m {9}mute or unmute the microphone\ni, Esc {4}interrupt the answer$/m);
    screen.type('?');
    await screen.until(() => !screen.text.includes('or unmute'), 'the help to close');
    screen.type(' ');
    await screen.shows('Just speak');
  });

  it('taps to talk where turns are manual', async () => {
    const { screen } = await start({ ...quiet, profile: { turns: 'none' } });
    await screen.shows('space talk');
    screen.type(' ');
    await talk.called('toggleTalk true');
    await screen.shows('● talking');
    screen.type('t');
    await talk.called('toggleTalk false');
    await screen.shows('● listening');
  });
});

/** Everything must be there once, and nothing twice, however the window changed. */
function clean(text: string, once: readonly string[], words: number): boolean {
  const count = (part: string): number => text.split(part).length - 1;
  return once.every((part) => count(part) === 1) && (text.match(/\bword\b/g) ?? []).length === words;
}

describe('resizing', () => {
  it('to 40 columns and back leaves nothing behind', async () => {
    const { screen } = await start({ columns: 120, ...quiet });
    await talk.direct({ emit: conversation });
    await talk.direct({ emit: [message('added', 3, 'assistant', 'pending'), said(3, 'word '.repeat(40))] });
    await screen.shows('1.2 s');
    for (const columns of [40, 120, 73, 40, 120]) {
      screen.resize(columns, 24);
      const hint = columns === 40 ? 'i interrupt · ? help' : 'Enter type';
      await screen.until(
        () => clean(screen.text, ['●', 'm mute', hint, 'tool     get_weather'], 40),
        `a clean screen of ${columns} columns`,
      );
    }
  });

  it('while typing leaves nothing behind', async () => {
    const { screen } = await start({ columns: 120, ...quiet });
    await talk.direct({ emit: [message('added', 0, 'assistant', 'pending'), said(0, 'word '.repeat(40))] });
    screen.type('\r');
    screen.type('a message in the making');
    await screen.shows('making');
    for (const columns of [40, 120, 40]) {
      screen.resize(columns, 24);
      const once = ['●', 'Enter send', '› a message in the making'];
      await screen.until(() => clean(screen.text, once, 40), `a clean screen of ${columns} columns`);
    }
  });

  it('survives a screen of three rows', async () => {
    const { screen } = await start({ columns: 60, ...quiet });
    await talk.direct({ emit: [message('added', 0, 'assistant', 'pending'), said(0, 'word '.repeat(60))] });
    screen.resize(20, 3);
    await screen.shows('●');
    screen.resize(60, 24);
    await screen.until(() => clean(screen.text, ['●', 'Enter type'], 60), 'a clean screen');
  });
});

describe('leaving', () => {
  const modes = 'stty -a > /dev/stderr; $TALK; echo "exit $?"; stty -a > /dev/stderr';
  const taken = ['\x1b[?2004h', '\x1b[22;2t', '\x1b[?25l'];
  const given = ['\x1b[?2004l', '\x1b[23;2t', '\x1b[?25h'];

  function expectRestored(raw: string): void {
    const settings = raw.match(/speed \d[\s\S]*?-extproc/g);
    expect(settings).toHaveLength(2);
    expect(settings?.[1]).toBe(settings?.[0]);
    for (const sequence of taken) expect(raw).toContain(sequence);
    for (const sequence of given)
      expect(raw.lastIndexOf(sequence)).toBeGreaterThan(raw.lastIndexOf(taken[0] ?? ''));
  }

  it.each([
    ['q', 'q', 0],
    ['Ctrl+C', '\x03', 0],
    ['Ctrl+D', '\x04', 0],
  ])('by %s restores the terminal', async (_, key, exitCode) => {
    const { screen } = await start({ script: modes });
    const rates = { inputRateHz: 24_000, outputRateHz: 24_000 };
    const ready = { type: 'session.ready', provider: 'fake', model: 'm', sessionId: 's', ...rates } as const;
    await talk.direct({ emit: [ready, ...conversation] });
    await screen.shows('1.2 s');
    screen.type(key);
    await screen.shows(`exit ${exitCode}`);
    await screen.exited;
    expectRestored(screen.raw);
    expect(screen.text).toMatch(/1 turn in 0:0\d/);
    expect(screen.text).not.toContain('●');
  });

  it('by a second Ctrl+C does not wait', async () => {
    const { screen } = await start({ script: modes, hangs: true });
    screen.type('\x03');
    await screen.shows('● leaving');
    screen.type('\x03');
    await screen.shows('exit 130');
    await screen.exited;
    expectRestored(screen.raw);
  });

  it.each([
    ['TERM', 143],
    ['HUP', 143],
    ['INT', 130],
  ])('by SIG%s restores the terminal', async (signal, exitCode) => {
    const { screen } = await start({ script: modes });
    screen.signal(signal);
    await screen.shows(`exit ${exitCode}`);
    await screen.exited;
    expectRestored(screen.raw);
  });

  it('by a bug restores the terminal', async () => {
    const { screen } = await start({ script: modes });
    await talk.direct({ crash: 'a bug' });
    await screen.shows('exit 1');
    await screen.exited;
    expectRestored(screen.raw);
  });

  it('for a reason states it in one sentence', async () => {
    const { screen } = await start({ script: modes });
    await talk.direct({
      emit: [message('added', 0, 'assistant', 'pending'), said(0, 'I was say')],
      end: { exitCode: 6, reason: 'link.lost', message: 'The connection to the server was lost.' },
    });
    await screen.shows('exit 6');
    await screen.exited;
    expect(screen.text).toMatch(
      /^voxterm {2}I was say\nerror: The connection to the server was lost\.\n0 turns/m,
    );
    expectRestored(screen.raw);
  });

  it('for a while by Ctrl+Z restores the terminal and takes it again', async () => {
    const { screen } = await start({
      script: `set -m; stty -a > /dev/stderr; $TALK; stty -a > /dev/stderr; echo back; read; sleep 0.2; fg`,
    });
    await talk.direct({ emit: [message('added', 0, 'user', 'done', 'Hello')] });
    await screen.shows('you      Hello');
    screen.type('\x1a');
    await screen.shows('back');
    expectRestored(screen.raw);
    expect(screen.text).not.toContain('●');
    screen.type('\r');
    await screen.shows('● listening');
    expect(screen.raw.lastIndexOf('\x1b[?2004h')).toBeGreaterThan(screen.raw.lastIndexOf('\x1b[?2004l'));
    screen.type('q');
    await screen.exited;
    expect(talk.calls).toContain('end quit');
    expect(screen.text).not.toContain('●');
  });
});

it('continues in text without sound, and says so in one line', async () => {
  const { screen } = await start({ columns: 120, sound: null });
  await screen.shows('No sound device was found. Type your messages; the answers are printed.');
  screen.type('hi\r');
  await talk.called('sendText hi');
  screen.type('again\r');
  await talk.called('sendText again');
  expect(screen.text).not.toContain('mic');
});
