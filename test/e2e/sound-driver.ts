import { setTimeout as delay } from 'node:timers/promises';
import { openSound } from '../../src/audio/open-sound.js';
import type { Sound, SoundEvent, SoundOptions } from '../../src/audio/sound.js';
import { builtFile } from '../built.js';

/** The helper as it was built. */
export const helperPath = builtFile('audio/helper/main.js');

type EventOf<Type extends SoundEvent['type']> = Extract<SoundEvent, { type: Type }>;

/** A sound under test and everything it told. */
export class SoundDriver {
  readonly sound: Sound;
  readonly events: SoundEvent[] = [];
  private listeners = new Set<() => void>();

  constructor(sound: Sound) {
    this.sound = sound;
    sound.onEvent = (event) => {
      this.events.push(event);
      for (const listener of this.listeners) listener();
    };
  }

  static async open(env: NodeJS.ProcessEnv, options: Partial<SoundOptions> = {}): Promise<SoundDriver> {
    const rates = { inputRateHz: 24_000, outputRateHz: 24_000 };
    return new SoundDriver(await openSound({ ...rates, echo: 'off', ...options }, { env, helperPath }));
  }

  all<Type extends SoundEvent['type']>(type: Type): EventOf<Type>[] {
    return this.events.filter((event): event is EventOf<Type> => event.type === type);
  }

  /** Forgets what was told, so that `next` waits for something new. */
  forget(): void {
    this.events.length = 0;
  }

  /** The first event of this type that was not forgotten. Waits for it. */
  async next<Type extends SoundEvent['type']>(type: Type, deadlineMs = 5000): Promise<EventOf<Type>> {
    const found = () => this.all(type)[0];
    const there = found();
    if (there !== undefined) return there;
    const deadline = new AbortController();
    try {
      return await Promise.race([
        new Promise<EventOf<Type>>((resolve) => {
          const listener = () => {
            const event = found();
            if (event !== undefined) resolve(event);
          };
          this.listeners.add(listener);
          deadline.signal.addEventListener('abort', () => this.listeners.delete(listener));
        }),
        delay(deadlineMs, undefined, { signal: deadline.signal }).then(() => {
          throw new Error(`no event "${type}" within ${deadlineMs} ms`);
        }),
      ]);
    } finally {
      deadline.abort();
    }
  }
}

/** A tone as PCM16. */
export function tone(ms: number, { rateHz = 24_000, hz = 440, amplitude = 0.3 } = {}): Uint8Array {
  const samples = Math.round((ms * rateHz) / 1000);
  const pcm = Buffer.alloc(2 * samples);
  for (let n = 0; n < samples; n += 1) {
    pcm.writeInt16LE(Math.round(32_767 * amplitude * Math.sin((2 * Math.PI * hz * n) / rateHz)), 2 * n);
  }
  return pcm;
}
