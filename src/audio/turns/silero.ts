import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { ExitCode } from '../../contract/exit.js';
import type { Facts } from '../../contract/facts.js';
import { VoxtermError } from '../../contract/failure.js';

/** The only rate the network works with. */
export const sileroRateHz = 16_000;
/** Samples per decision: 32 ms. */
export const sileroWindow = 512;

/** One stream through the network. */
export interface SileroStream {
  /** Whether this window of samples, −1 to 1, is speech. The decision lags one window behind. */
  hear(window: Float32Array): boolean;
  /** Starts over. */
  reset(): void;
}

/** @param threshold how sure it must be, 0 to 1. */
export type SileroNetwork = (threshold: number) => SileroStream;

/** Not a dependency: present only if the user installed it beside voxterm. */
const packageName = 'sherpa-onnx-node';

const whereFrom =
  'The file comes from https://github.com/snakers4/silero-vad (src/silero_vad/data/silero_vad.onnx), MIT licence.';
/** Two settings with different names lead here; their values are the same. */
const orEnergy = 'Or use "energy" instead of "silero": it goes by loudness and needs neither.';
const putPath = 'Put its path into "model", beside "silero".';

interface SherpaVad {
  acceptWaveform(samples: Float32Array): void;
  isDetected(): boolean;
  isEmpty(): boolean;
  pop(): void;
  reset(): void;
}

type SherpaVadClass = new (config: object, bufferS: number) => SherpaVad;

/**
 * @param model path of `silero_vad.onnx`, version 5 or later (4 takes a keyboard for speech).
 * @throws VoxtermError exit 3 when package or file are missing or do not work together.
 */
export async function loadSilero(model: string | undefined): Promise<SileroNetwork> {
  if (model === undefined) {
    throw unusable(
      'Turn detection by "silero" needs the path of its network.',
      `${whereFrom} ${putPath} ${orEnergy}`,
    );
  }
  const Vad = loadPackage();
  const file = await stat(model).catch(() => undefined);
  if (file?.isFile() !== true) {
    throw unusable(
      `There is no file ${model} with the Silero network.`,
      `${whereFrom} ${putPath} ${orEnergy}`,
    );
  }
  await rehearse(model);
  return (threshold) => stream(Vad, model, threshold);
}

function loadPackage(): SherpaVadClass {
  let loaded: unknown;
  try {
    loaded = createRequire(import.meta.url)(packageName);
  } catch (error) {
    throw unusable(
      `Turn detection by "silero" needs the package ${packageName}, which is not installed.`,
      `Install it: npm install ${packageName}. ${orEnergy}`,
      { facts: { package: packageName }, cause: error },
    );
  }
  if (typeof loaded === 'object' && loaded !== null && 'Vad' in loaded && isVadClass(loaded.Vad)) {
    return loaded.Vad;
  }
  throw unusable(
    `The package ${packageName} has no voice activity detector.`,
    `Install a current one: npm install ${packageName}@latest. ${orEnergy}`,
  );
}

function isVadClass(value: unknown): value is SherpaVadClass {
  if (typeof value !== 'function') return false;
  const methods: unknown = value.prototype;
  if (typeof methods !== 'object' || methods === null) return false;
  return ['acceptWaveform', 'isDetected', 'isEmpty', 'pop', 'reset'].every(
    (name) => typeof Reflect.get(methods, name) === 'function',
  );
}

/** A file that is not a network crashes the process in native code, so another process tries it first. */
async function rehearse(model: string): Promise<void> {
  const script = `const { Vad } = require(process.argv[1]); const vad = new Vad(JSON.parse(process.argv[2]), 5);
    vad.acceptWaveform(new Float32Array(${sileroWindow})); vad.isDetected();`;
  const path = createRequire(import.meta.url).resolve(packageName);
  const args = ['-e', script, path, JSON.stringify(configOf(model, 0.5))];
  await new Promise<void>((resolve, reject) => {
    execFile(process.execPath, args, { timeout: 20_000, windowsHide: true }, (error) => {
      if (error === null) resolve();
      else
        reject(
          unusable(`${model} is not a Silero network that ${packageName} can use.`, whereFrom, {
            cause: error,
          }),
        );
    });
  });
}

/** The package's own minimum durations are switched off: we make turns from the bare decisions. */
function configOf(model: string, threshold: number): object {
  const sileroVad = {
    model,
    threshold: Math.min(0.95, Math.max(0.05, threshold)),
    minSpeechDuration: 0.001,
    minSilenceDuration: 0.001,
    maxSpeechDuration: 1000,
    windowSize: sileroWindow,
  };
  return { sileroVad, sampleRate: sileroRateHz, numThreads: 1, provider: 'cpu', debug: 0 };
}

/** It buffers the sound of ongoing speech, which we do not need; before the buffer is full we reset it. */
const bufferS = 30;
const mostWindows = ((bufferS - 5) * sileroRateHz) / sileroWindow;

function stream(Vad: SherpaVadClass, model: string, threshold: number): SileroStream {
  const vad = new Vad(configOf(model, threshold), bufferS);
  let windows = 0;
  return {
    hear: (window) => {
      vad.acceptWaveform(window);
      while (!vad.isEmpty()) vad.pop();
      const speech = vad.isDetected();
      windows = speech ? windows + 1 : 0;
      if (windows < mostWindows) return speech;
      vad.reset();
      windows = 0;
      return true;
    },
    reset: () => vad.reset(),
  };
}

function unusable(
  message: string,
  hint: string,
  { facts, cause }: { facts?: Facts; cause?: unknown } = {},
): VoxtermError {
  return new VoxtermError(message, {
    code: 'turns.unavailable',
    exitCode: ExitCode.configuration,
    hint,
    facts,
    cause,
  });
}
