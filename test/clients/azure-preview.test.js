import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { RTClient } from 'rt-client';
import { startSimulator } from './simulator.js';
import { question, speak } from './speech.js';

const token = 'only-for-this-test';
const turns = [
  {
    heard: 'What is the weather in Paris?',
    tool: { name: 'get_weather', arguments: { place: 'Paris' } },
    said: 'It is {{tool.celsius}} degrees in Paris.',
  },
];

/** Microsoft's own client of the preview: it stops at any event it does not know. */
describe('rt-client', () => {
  let simulator;
  before(async () => {
    simulator = await startSimulator({ voice: 'tone', pace: 2, turns }, { token, dialect: 'azure' });
  });
  after(async () => {
    assert.equal(await simulator?.stop(), 143);
  });

  async function connect(deployment) {
    const { host } = new URL(simulator.url);
    const client = new RTClient(new URL(`ws://${host}`), { key: token }, { deployment });
    await client.init();
    return client;
  }

  test('holds a spoken turn with a tool call', { timeout: 60_000 }, async () => {
    const client = await connect('gpt-4o-realtime-preview');
    const session = await client.configure({
      modalities: ['text', 'audio'],
      turn_detection: { type: 'server_vad' },
      input_audio_transcription: { model: 'whisper-1' },
      tools: [{ type: 'function', name: 'get_weather', parameters: { type: 'object', properties: {} } }],
    });
    assert.equal(session.input_audio_format, 'pcm16');
    const speech = await question();
    const spoken = speak((pcm) => client.sendAudio(new Uint8Array(pcm)), speech);

    const seen = [];
    for await (const event of client.events()) {
      if (event.type === 'input_audio') {
        await event.waitForCompletion();
        seen.push(['heard', event.transcription]);
        continue;
      }
      for await (const item of event) {
        if (item.type === 'function_call') {
          await item.waitForCompletion();
          seen.push(['called', item.functionName, item.arguments]);
          await client.sendItem({
            type: 'function_call_output',
            call_id: item.callId,
            output: '{"celsius":21}',
          });
        } else {
          seen.push(['said', await wordsOf(item)]);
        }
      }
      assert.equal(event.status, 'completed');
      if (seen.at(-1)[0] === 'said') break;
      await client.generateResponse();
    }
    await spoken;
    assert.deepEqual(seen, [
      ['heard', turns[0].heard],
      ['called', 'get_weather', '{"place":"Paris"}'],
      ['said', 'It is 21 degrees in Paris.'],
    ]);
    await client.close();
  });
});

/** What an item says, when there was sound with it. */
async function wordsOf(item) {
  let words = '';
  for await (const content of item) {
    let bytes = 0;
    const listening = (async () => {
      for await (const chunk of content.audioChunks()) bytes += chunk.length;
    })();
    for await (const chunk of content.transcriptChunks()) words += chunk;
    await listening;
    assert.ok(bytes > 24_000, `${bytes} bytes of sound`);
  }
  return words;
}
