import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Codec } from '../../providers/provider.js';
import { nameField, objectOf, type RecordedStep } from './recorded-session.js';
import { shown } from './shape.js';
import type { Subject } from './subject.js';
import { reworded } from './twisted.js';

const floodFrames = 3000;
/** Long, so that a codec that keeps them all stands out from the rest of the heap. */
const idBytes = 512;
/** Two thirds of the ids: a codec may keep the last few hundred of several kinds. */
const mostBytes = 1_000_000;
const placeholder = 'contract-id-placeholder';

export function checkMemory({ provider, steps, runner, codec }: Subject): void {
  const { describe, it } = runner;
  const floods = floodsOf(steps);
  if (floods.size === 0) return;

  describe(`${provider.id}: memory`, () => {
    for (const [name, frames] of floods) {
      it(`does not grow with a flood of ${name}`, () => {
        for (const frame of frames) {
          // Measured on the second run: the first one also compiles code.
          const kept = keptBytes(codec(), frame);
          if (kept > mostBytes && keptBytes(codec(), frame) > mostBytes) {
            const what = `${floodFrames} frames, each with ids of its own`;
            throw new Error(
              `${what}, left ${kept} bytes; ${mostBytes} are allowed: ${shown(JSON.parse(frame))}`,
            );
          }
        }
      });
    }
  });
}

/** Frames with ids, by name; frames that differ only in their text appear once. */
function floodsOf(steps: readonly RecordedStep[]): ReadonlyMap<string, readonly string[]> {
  const field = nameField(steps);
  const byFields = new Map<string, { readonly name: string; readonly frame: string }>();
  for (const step of steps) {
    const object = objectOf(step) ?? {};
    const frame = JSON.stringify(reworded(object, withPlaceholder));
    if (!frame.includes(placeholder)) continue;
    const name = field === undefined ? Object.keys(object).join(' and ') : String(object[field]);
    byFields.set(`${name} ${[...frame.matchAll(/"\w+":/g)].join(' ')}`, { name, frame });
  }
  const byName = new Map<string, string[]>();
  for (const { name, frame } of byFields.values()) byName.set(name, [...(byName.get(name) ?? []), frame]);
  return byName;
}

function withPlaceholder(text: string, key: string): string {
  return /(^|_)ids?$|I[dD]s?$/.test(key) ? placeholder : text;
}

/** How much memory a codec keeps after a flood. */
function keptBytes(codec: Codec, frame: string): number {
  const before = usedBytes();
  for (let i = 0; i < floodFrames; i += 1)
    codec.decode(frame.replaceAll(placeholder, `${i}_${'x'.repeat(idBytes)}`));
  const kept = usedBytes() - before;
  // Keeps the codec alive until here.
  codec.decode('{}');
  return kept;
}

function usedBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('this runtime cannot collect garbage on demand');
  collect();
}
