import { describe, expect, test } from 'vitest';
import { Random } from '../../../conversation/support/random.js';
import { type LiveClient, LiveServer, list, modelBefore, modelNow, record } from './live-server.js';

const turns = [
  { heard: 'One.', said: 'And it goes on about everything there is to say.' },
  { heard: 'Two.', say: 'One moment.', tool: { name: 'look' }, said: 'Found.' },
  { heard: 'Three.', tools: [{ name: 'look' }, { name: 'beside' }], said: 'Both found.' },
  { when: 'call', tool: { name: 'beside' }, said: 'Done.' },
  { when: '.', said: 'Yes.' },
];
const tools = [
  {
    functionDeclarations: [{ name: 'look' }, { name: 'beside', behavior: 'NON_BLOCKING' }],
  },
];

/** Ids of all calls that were made, newest last. */
function callIds(client: LiveClient): string[] {
  return client
    .all('toolCall')
    .flatMap((call) => list(record(call).functionCalls))
    .map((call) => String(record(call).id));
}

async function act(client: LiveClient, random: Random, answered: Set<string>): Promise<void> {
  // A second result of the same call is refused.
  const ids = callIds(client).filter((id) => !answered.has(id));
  const id = ids[ids.length - 1 - random.between(0, 1)];
  switch (random.between(0, 8)) {
    case 0:
      client.speak(400);
      return;
    case 1:
      client.type(random.between(0, 1) === 0 ? 'call' : 'hello');
      return;
    case 2:
      client.send({ realtimeInput: { audioStreamEnd: true } });
      return;
    case 3:
    case 4:
      if (id === undefined) return;
      answered.add(id);
      client.send({
        toolResponse: {
          functionResponses: [
            {
              id,
              response: { found: true },
              scheduling: ['SILENT', 'WHEN_IDLE', 'INTERRUPT'][random.between(0, 2)],
            },
          ],
        },
      });
      return;
    case 5:
      client.send({ realtimeInput: { video: { mimeType: 'image/png', data: '' } } });
      return;
    default:
      await client.advance(random.between(0, 3999));
  }
}

/** What must be true of everything the server sends. */
function check(client: LiveClient): void {
  let interrupted = false;
  let generated = false;
  const made = new Set<string>();
  for (const message of client.received) {
    const content = record(message.serverContent ?? {});
    for (const call of message.toolCall === undefined ? [] : list(record(message.toolCall).functionCalls)) {
      const { id, args } = record(call);
      expect(args).toBeTypeOf('object');
      made.add(String(id));
    }
    if (message.toolCallCancellation !== undefined) {
      for (const id of list(record(message.toolCallCancellation).ids)) {
        expect(made.delete(String(id)), 'what is called off was called').toBe(true);
      }
    }
    if (content.modelTurn !== undefined || content.outputTranscription !== undefined) {
      expect(interrupted, 'nothing is said between interrupted and turnComplete').toBe(false);
      expect(generated, 'nothing is said after generationComplete').toBe(false);
    }
    if (content.interrupted === true) {
      expect(interrupted).toBe(false);
      interrupted = true;
    }
    if (content.generationComplete === true) {
      expect(interrupted, 'an interrupted turn is never complete').toBe(false);
      expect(generated).toBe(false);
      generated = true;
    }
    if (content.turnComplete === true) {
      expect(interrupted || generated, 'a turn ends because of something').toBe(true);
      expect(message.usageMetadata).toBeTypeOf('object');
      interrupted = false;
      generated = false;
    }
  }
  expect([interrupted, generated], 'every turn ends').toEqual([false, false]);
}

describe('whatever a client sends, and whenever', () => {
  test.each(Array.from({ length: 40 }, (_, seed) => seed))('turns are whole (%i)', async (seed) => {
    const random = new Random(seed);
    const server = new LiveServer({
      scenario: { repeat: true, pace: [2, 10, 'fast'][random.between(0, 2)], turns },
    });
    const model = random.between(0, 1) === 0 ? modelBefore : modelNow;
    const client = await server.ready({
      model,
      tools,
      sessionResumption: {},
      contextWindowCompression: { slidingWindow: {} },
      realtimeInputConfig: {
        activityHandling: random.between(0, 3) === 0 ? 'NO_INTERRUPTION' : 'START_OF_ACTIVITY_INTERRUPTS',
      },
    });
    const answered = new Set<string>();
    for (let n = 0; n < 25 && client.closed === undefined; n += 1) await act(client, random, answered);
    await client.advance(60_000);
    expect(client.closed).toBeUndefined();
    check(client);
  });
});
