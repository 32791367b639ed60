import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../../src/providers/catalog.js';
import type { Codec } from '../../../src/providers/provider.js';
import { findProvider } from '../../../src/providers/registry.js';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

const env = Object.fromEntries(
  [...catalog.flatMap(({ keyVariables }) => keyVariables), 'YANDEX_FOLDER_ID'].map((name) => [name, 'test']),
);
const count = 3000;
/** Long, so that a codec that keeps all of them is noticed. */
const id = (kind: string, i: number): string => `${kind}_${i}_${'x'.repeat(4096)}`;
const oddSound = Buffer.alloc(4097).toString('base64');

/** Floods of frames that never end what they start. */
const floods: Record<string, (i: number) => unknown> = {
  'half samples': (i) => ({
    type: 'response.output_audio.delta',
    response_id: 'resp_1',
    item_id: id('item', i),
    content_index: 0,
    delta: oddSound,
  }),
  transcripts: (i) => ({
    type: 'conversation.item.input_audio_transcription.completed',
    item_id: id('item', i),
    transcript: 'Hello.',
  }),
  words: (i) => ({
    type: 'response.output_text.delta',
    response_id: 'resp_1',
    item_id: id('item', i),
    content_index: 0,
    delta: 'x',
  }),
  calls: (i) => ({
    type: 'response.output_item.added',
    response_id: 'resp_1',
    item: { id: id('item', i), type: 'function_call', name: 'f', call_id: `call_${i}` },
  }),
  'remote tools': (i) => ({
    type: 'conversation.item.added',
    item: { id: id('item', i), type: 'mcp_list_tools', server_label: 'l' },
  }),
  turns: (i) => ({ type: 'input_audio_buffer.committed', item_id: id('item', i) }),
};

const compatibleProviders = catalog.map((entry) => entry.id).filter((name) => name !== 'gemini');

describe.each(compatibleProviders)('%s: a server that never ends anything', (name) => {
  it.each(Object.entries(floods))('does not fill the memory with %s', async (_what, frame) => {
    const provider = await findProvider(name);
    const options = name === 'yandex' ? { outputRateHz: 44_100 } : undefined;
    const codec = provider.codec({ model: provider.defaultModel || 'model', env, options });
    expect(await grownBytes(codec, frame)).toBeLessThan(4_000_000);
  });
});

describe('gemini: a server that continues speaking after its end', () => {
  it('does not cost more per message over time', async () => {
    const provider = await findProvider('gemini');
    const codec = provider.codec({ model: provider.defaultModel, env });
    const data = Buffer.alloc(2).toString('base64');
    const parts = [{ inlineData: { mimeType: 'audio/pcm;rate=24000', data } }];
    const frame = JSON.stringify({ serverContent: { modelTurn: { parts }, generationComplete: true } });
    const batches = Array.from({ length: 10 }, () => {
      const begin = performance.now();
      for (let i = 0; i < 3000; i += 1) codec.decode(frame);
      return performance.now() - begin;
    });
    expect(Math.min(...batches.slice(-3))).toBeLessThan(5 * (batches[0] ?? 0));
  });
});

async function grownBytes(codec: Codec, frame: (i: number) => unknown): Promise<number> {
  // The garbage of the previous test is collectable only after its promises are.
  await new Promise(setImmediate);
  const before = usedBytes();
  for (let i = 0; i < count; i += 1) codec.decode(JSON.stringify(frame(i)));
  const grown = usedBytes() - before;
  // Must stay alive until here.
  codec.decode('{}');
  return grown;
}

function usedBytes(): number {
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
