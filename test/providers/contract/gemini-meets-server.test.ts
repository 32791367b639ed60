import { describe, expect, test } from 'vitest';
import type { Command } from '../../../src/contract/commands.js';
import type { ModelEvent } from '../../../src/contract/events.js';
import { gemini } from '../../../src/providers/gemini/provider.js';
import { Random } from '../../conversation/support/random.js';
import { type LiveClient, LiveServer } from '../../simulator/dialects/gemini/live-server.js';
import { join, noisySpeech, silence } from '../../simulator/session-driver.js';

const turns = [
  { heard: 'One.', said: 'And it goes on about everything there is to say.' },
  { heard: 'Two.', say: 'One moment.', tool: { name: 'look' }, said: 'Found.' },
  { heard: 'Three.', tools: [{ name: 'look' }, { name: 'beside' }], said: 'Both found.' },
  { when: 'call', tool: { name: 'beside' }, said: 'Done.' },
  { when: '.', said: 'Yes.' },
];
const tools = [
  { name: 'look', description: 'Looks.', parameters: { type: 'object' } },
  { name: 'beside', description: 'Looks beside.', parameters: { type: 'object' }, blocking: false },
];

/** Our codec and the simulated server, with random messages between them. */
class Meeting {
  readonly events: ModelEvent[] = [];
  private readonly codec;
  private readonly answered = new Set<string>();
  private read = 0;

  constructor(
    private readonly client: LiveClient,
    model: string,
  ) {
    this.codec = gemini.codec({ model, env: {} });
  }

  order(...commands: Command[]): void {
    for (const command of commands)
      for (const frame of this.codec.encode(command)) this.client.sendRaw(frame);
    this.listen();
  }

  async advance(ms: number): Promise<void> {
    await this.client.advance(ms);
    this.listen();
  }

  /** Calls that are neither answered nor cancelled. */
  get openCalls(): string[] {
    const open = new Set<string>();
    for (const event of this.events) {
      if (event.type === 'tool.called') open.add(event.callId);
      if (event.type === 'tool.call.cancelled') for (const id of event.callIds) open.delete(id);
    }
    return [...open].filter((id) => !this.answered.has(id));
  }

  answer(callId: string): void {
    this.answered.add(callId);
    this.order({ type: 'item.create', item: { kind: 'tool.output', callId, output: '{"found":true}' } });
  }

  private listen(): void {
    for (; this.read < this.client.received.length; this.read += 1) {
      const frame = Buffer.from(JSON.stringify(this.client.received[this.read]));
      this.events.push(...this.codec.decode(frame));
    }
  }
}

async function act(meeting: Meeting, random: Random): Promise<void> {
  switch (random.between(0, 6)) {
    case 0: {
      const pcm = join(silence(300, 16_000), noisySpeech(500, 16_000), silence(900, 16_000));
      for (let from = 0; from < pcm.length; from += 320) {
        meeting.order({ type: 'audio.append', audio: new Uint8Array(pcm.slice(from, from + 320).buffer) });
      }
      return;
    }
    case 1: {
      const text = random.chance(0.5) ? 'call' : 'hello';
      meeting.order(
        { type: 'item.create', item: { kind: 'message', role: 'user', text } },
        { type: 'response.create' },
      );
      return;
    }
    case 2:
    case 3: {
      const callId = meeting.openCalls.at(random.between(-2, -1));
      if (callId === undefined) return;
      meeting.answer(callId);
      return;
    }
    case 4:
      meeting.order({ type: 'response.cancel' });
      return;
    default:
      await meeting.advance(random.between(0, 3000));
  }
}

/** One event means one thing: what opens closes once, and nothing happens outside. */
function check(events: readonly ModelEvent[]): void {
  const open = new Set<string>();
  const closed = new Set<string>();
  for (const event of events) {
    expect(event).not.toMatchObject({ type: 'error' });
    expect(event).not.toMatchObject({ type: 'other' });
    if (event.type === 'response.created') {
      expect(open.size, 'one reply at a time').toBe(0);
      expect(closed.has(event.responseId)).toBe(false);
      open.add(event.responseId);
    } else if (event.type === 'response.done') {
      expect(open.delete(event.responseId), 'what ends has begun').toBe(true);
      closed.add(event.responseId);
    } else if (event.type === 'text.late') {
      expect(closed.has(event.responseId), 'late words belong to a closed reply').toBe(true);
    } else if ('responseId' in event) {
      expect(open.has(event.responseId), `${event.type} belongs to an open reply`).toBe(true);
    }
  }
  expect([...open], 'every reply ends').toEqual([]);
}

describe('the codec and the simulated server', () => {
  const models = [
    'gemini-3.8-live',
    'gemini-3.1-flash-live-preview',
    'gemini-2.5-flash-native-audio-preview-12-2025',
  ];

  test.each(Array.from({ length: 45 }, (_, seed) => seed))('understand each other (%i)', async (seed) => {
    const random = new Random(seed);
    const pace = [2, 10, 'fast'][random.between(0, 2)];
    const server = new LiveServer({ scenario: { repeat: true, pace, turns } });
    const client = server.connect();
    const model = models[seed % models.length] ?? '';
    const meeting = new Meeting(client, model);
    meeting.order({ type: 'session.update', settings: { tools, transcription: {} } });
    await meeting.advance(200);
    expect(meeting.events.map(({ type }) => type)).toContain('session.updated');
    for (let n = 0; n < 25; n += 1) await act(meeting, random);
    // The current reply may lead to more calls.
    for (let n = 0; n < 5; n += 1) {
      await meeting.advance(60_000);
      for (const callId of meeting.openCalls) meeting.answer(callId);
    }
    expect(client.closed).toBeUndefined();
    check(meeting.events);
  });
});
