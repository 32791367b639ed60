import type { Frame } from '../../src/contract/frame.js';
import type { ConnectionSettings, Provider } from '../../src/providers/provider.js';
import { eventFault } from '../../src/testing/contract/event-shapes.js';
import type { Random } from '../../src/testing/contract/random.js';
import { sampleCommands } from '../../src/testing/contract/sample-commands.js';
import { loadSessions } from '../../test/providers/contract/golden-frames.js';
import { mutateJson } from './mutate-json.js';
import type { FuzzTarget } from './target.js';

/** What a codec does: send a command, or read a frame. */
type Step = { readonly command: number } | { readonly frame: Frame };

/**
 * The decoder of a provider, fed with recorded sessions in which frames are damaged, lost, repeated and out of order,
 * with our own commands between them. `frames` is the folder below test/fixtures/frames.
 */
export function frameTarget(provider: Provider, settings: ConnectionSettings, frames: string): FuzzTarget {
  const sessions = loadSessions(frames).map(({ steps }) => steps.map(({ frame }) => frame));
  const all = sessions.flat();
  const step = (frame: unknown, random: Random): Step => {
    if (random.below(10) === 0) return { command: random.below(sampleCommands.length) };
    if (random.below(3) > 0) return { frame: JSON.stringify(frame) };
    const text = mutateJson(frame, all, random);
    return { frame: random.below(5) === 0 ? Buffer.from(text) : text };
  };
  return {
    about: `frames of ${provider.id} (${frames}): every event keeps the contract, and nothing throws`,
    attempt(random) {
      const steps: Step[] = [];
      for (const frame of random.pick(sessions)) {
        switch (random.below(12)) {
          case 0:
            break;
          case 1:
            steps.push(step(frame, random), step(frame, random));
            break;
          case 2:
            steps.push(step(random.pick(all), random));
            break;
          default:
            steps.push(step(frame, random));
        }
      }
      return { shown: JSON.stringify(steps.map(readable)), run: () => play(provider, settings, steps) };
    },
  };
}

function play(provider: Provider, settings: ConnectionSettings, steps: readonly Step[]): void {
  const codec = provider.codec(settings);
  codec.open();
  for (const step of steps) {
    if ('command' in step) {
      const command = sampleCommands[step.command];
      if (command !== undefined) codec.encode(command);
      continue;
    }
    for (const event of codec.decode(step.frame)) {
      const fault = eventFault(event);
      if (fault !== undefined) throw new Error(`${fault}, for ${String(step.frame).slice(0, 300)}`);
    }
  }
}

function readable(step: Step): unknown {
  if ('command' in step) return { command: sampleCommands[step.command]?.type };
  return typeof step.frame === 'string' ? step.frame : { binary: Buffer.from(step.frame).toString('utf8') };
}
