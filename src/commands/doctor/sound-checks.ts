import { repair } from '../../audio/backends/usable-backends.js';
import { listDevices } from '../../audio/list-devices.js';
import { silenceNotice } from '../../audio/microphone/digital-silence.js';
import { openSound } from '../../audio/open-sound.js';
import type { Sound, SoundEvent } from '../../audio/sound.js';
import { adviceOn } from '../../cli/advice.js';
import type { Settings } from '../../config/settings.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import { backendStates } from './backend-states.js';
import type { Check, Finding } from './check.js';

type SoundSettings = Pick<Settings, 'audio' | 'env'>;

const exitCode = ExitCode.audio;
const rateHz = 24_000;
const listenMs = 1000;
const toneMs = 400;

/** From the native module to a tone in the speaker. */
export function soundChecks(settings: SoundSettings): Check[] {
  return [backendCheck(), deviceCheck(settings), microphoneCheck(settings), speakerCheck(settings)];
}

function backendCheck(): Check {
  return {
    id: 'backends',
    title: 'sound backends',
    timeoutMs: 8000,
    exitCode,
    find: async (signal): Promise<Finding> => {
      const states = await backendStates(signal);
      const usable = states.filter(({ missing }) => missing === undefined).map(({ id }) => id);
      const native = states.find(({ id }) => id === 'portaudio')?.missing;
      const remedy =
        native === undefined && usable.length > 0
          ? undefined
          : adviceOn({ code: 'audio.no-backend', hint: repair(process.platform) });
      if (usable.length === 0) {
        const why = states.map(({ id, missing }) => `${id}: ${missing}`).join('; ');
        return { status: 'failed', detail: `none (${why})`, remedy };
      }
      const detail = usable.join(', ');
      if (native === undefined) return { status: 'ok', detail: `${detail}; the native module loads` };
      return { status: 'warning', detail: `${detail}; without the native module (${native})`, remedy };
    },
  };
}

function deviceCheck({ audio, env }: SoundSettings): Check {
  return {
    id: 'devices',
    title: 'sound devices',
    timeoutMs: 8000,
    exitCode,
    find: async (): Promise<Finding> => {
      const { backend, devices } = await listDevices({ backend: audio.backend, env });
      const inputs = devices.filter((device) => device.inputs > 0).length;
      const outputs = devices.filter((device) => device.outputs > 0).length;
      const detail = `${count(inputs, 'microphone')}, ${count(outputs, 'speaker')} (${backend})`;
      if (inputs > 0 && outputs > 0) return { status: 'ok', detail };
      return { status: 'failed', detail, remedy: connectOne };
    },
  };
}

/** Listens for a second. If all samples are zero, the system does not let us listen. */
function microphoneCheck(settings: SoundSettings): Check {
  return {
    id: 'microphone',
    title: 'microphone',
    timeoutMs: 8000,
    exitCode,
    find: async (signal): Promise<Finding> => {
      let peak = 0;
      let frames = 0;
      const hear = (event: SoundEvent): void => {
        if (event.type !== 'frame') return;
        frames++;
        peak = Math.max(peak, loudest(event.audio));
      };
      const name = await withSound(settings, 'input', async (sound) => {
        sound.onEvent = hear;
        await pause(listenMs, signal);
        return sound.inputName ?? 'unnamed';
      });
      if (frames === 0) return { status: 'failed', detail: `${name}: opens, but delivers nothing` };
      if (peak > 0) return { status: 'ok', detail: `${name}: peak ${decibels(peak)} dBFS` };
      const { message, hint } = silenceNotice(process.platform);
      return {
        status: 'failed',
        detail: `${name}: ${message}`,
        remedy: adviceOn({ code: 'microphone.silent', hint }),
      };
    },
  };
}

function speakerCheck(settings: SoundSettings): Check {
  return {
    id: 'speaker',
    title: 'speaker',
    timeoutMs: 8000,
    exitCode,
    find: async (signal): Promise<Finding> => {
      const part = { itemId: 'doctor', contentIndex: 0 };
      const name = await withSound(settings, 'output', async (sound) => {
        const played = new Promise<void>((resolve, reject) => {
          signal.addEventListener('abort', () => resolve());
          sound.onEvent = (event) => {
            if (event.type === 'drained') resolve();
            if (event.type === 'failed') reject(new Error(event.message));
          };
        });
        sound.play(part, tone());
        sound.endPart(part);
        await played;
        return sound.outputName ?? 'unnamed';
      });
      return { status: 'ok', detail: `${name}: played a soft tone` };
    },
  };
}

async function withSound<Result>(
  { audio, env }: SoundSettings,
  side: 'input' | 'output',
  use: (sound: Sound) => Promise<Result>,
): Promise<Result> {
  const { backend, inputDevice, outputDevice } = audio;
  const opening = openSound(
    {
      inputRateHz: rateHz,
      outputRateHz: rateHz,
      backend,
      echo: 'off',
      ...(side === 'input' ? { inputDevice, output: false } : { outputDevice, input: false }),
    },
    { env },
  );
  const sound = await opening.catch((error: unknown) => {
    throw noneFound(error);
  });
  try {
    return await use(sound);
  } finally {
    await sound.close();
  }
}

/** If there is no device, the advice is to check whether the system itself shows one. */
function noneFound(error: unknown): unknown {
  if (!(error instanceof VoxtermError) || !/^audio\.no-(input|output)$/.test(error.code)) return error;
  return new VoxtermError(error.message, { code: 'audio.missing', exitCode, hint: connectOne });
}

const connectOne =
  'Connect one and see whether the system itself shows it. Without it, talk goes on in writing.';

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Peak of PCM16 samples, 0 to 1. */
function loudest(pcm: Uint8Array): number {
  const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  let peak = 0;
  for (let at = 0; at + 1 < pcm.byteLength; at += 2) peak = Math.max(peak, Math.abs(view.getInt16(at, true)));
  return peak / 32_768;
}

/** 440 Hz at −26 dBFS with soft edges. */
function tone(): Uint8Array {
  const count = (rateHz * toneMs) / 1000;
  const view = new DataView(new ArrayBuffer(count * 2));
  for (let i = 0; i < count; i++) {
    const edge = Math.sin((Math.PI * i) / count);
    view.setInt16(i * 2, Math.round(1600 * edge * Math.sin((2 * Math.PI * 440 * i) / rateHz)), true);
  }
  return new Uint8Array(view.buffer);
}

function decibels(peak: number): number {
  return Math.round(20 * Math.log10(peak));
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
