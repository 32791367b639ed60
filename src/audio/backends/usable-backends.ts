import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { type BackendChoice, type SoundBackend, soundBackends } from '../../contract/sound-options.js';
import { deviceFailure, reasonOf } from '../devices/device-failure.js';
import type { Backend } from './backend.js';
import { DecibriBackend } from './decibri.js';
import { loadDecibri } from './decibri-package.js';
import { PortAudioBackend } from './portaudio.js';
import { addonFolder, loadAddon } from './portaudio-addon.js';
import { ProgramBackend, type SystemProgram } from './program-backend.js';
import { alsa, ffmpeg, pipewire, pulse, sox } from './system-programs.js';

/** Each rejects with the reason why it cannot be used here. */
const loaders: Readonly<Record<SoundBackend, () => Promise<Backend>>> = {
  portaudio: async () => new PortAudioBackend(loadAddon()),
  decibri: async () => new DecibriBackend(loadDecibri()),
  pulse: () => installed(pulse),
  pipewire: () => installed(pipewire),
  alsa: () => installed(alsa),
  sox: () => installed(sox),
  ffmpeg: () => installed(ffmpeg),
};

/** ffmpeg cannot play to a Windows device; the others do not exist there. */
const notOnWindows: ReadonlySet<SoundBackend> = new Set(['pulse', 'pipewire', 'alsa', 'ffmpeg']);

/** Those that this system can have, best first. */
export const backendsHere: readonly SoundBackend[] = soundBackends.filter(
  (id) => process.platform !== 'win32' || !notOnWindows.has(id),
);

/**
 * The backend that was asked for, or for `auto` all that work here, best first. Backends named in `without` are not
 * loaded. @throws VoxtermError exit 4 when there is none, with the commands that install one.
 */
export async function usableBackends(
  wanted: BackendChoice,
  without: readonly string[] = [],
): Promise<Backend[]> {
  const usable: Backend[] = [];
  const reasons: string[] = [];
  for (const id of backendsHere) {
    if ((wanted !== 'auto' && wanted !== id) || without.includes(id)) continue;
    try {
      usable.push(await loaders[id]());
    } catch (error) {
      // Most users never install decibri, so its absence is not worth a line.
      if (wanted !== 'auto' || id !== 'decibri') reasons.push(`${id}: ${firstLine(reasonOf(error))}`);
    }
  }
  if (usable.length > 0) return usable;
  throw deviceFailure.noBackend(
    `Nothing can reach the sound hardware (${reasons.join('; ')}).`,
    repair(process.platform),
  );
}

async function installed(program: SystemProgram): Promise<Backend> {
  for (const name of program.needs) {
    if (!(await onPath(name))) throw new Error(`${name} is not installed`);
  }
  return new ProgramBackend(program);
}

/**
 * The commands that install a working backend. Since version 12 npm installs packages without running their build
 * scripts unless told to.
 * @param folder of the native module; undefined where it is not installed.
 */
export function repair(platform: string, folder: string | undefined = addonFolder()): string {
  const native = nativeRepair(platform, folder);
  switch (platform) {
    case 'linux':
      return `Install what it needs: "sudo apt install libasound2-plugins pulseaudio-utils" (pulseaudio-utils alone is enough). ${native}.`;
    case 'darwin':
      return `${native}. Or install sox: "brew install sox".`;
    default:
      return `${native}.`;
  }
}

/**
 * Running the script by its name works with every npm, for every kind of installation: "npm rebuild" does nothing where
 * npm 12 was not told to allow it, and npm has no way to allow it that all versions know.
 */
function nativeRepair(platform: string, folder: string | undefined): string {
  if (folder === undefined) {
    return 'npm left the native module out, because it could not build it: install again when a C++ compiler, make and Python are there';
  }
  const quote = /^[\w./\\:@+-]+$/.test(folder) ? '' : platform === 'win32' ? '"' : "'";
  // eslint-disable-next-line words/any-program -- npm's flag, not one of ours.
  return `Build the native module: "npm --prefix ${quote}${folder}${quote} run install"`;
}

async function onPath(name: string): Promise<boolean> {
  const windows = process.platform === 'win32';
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    try {
      await access(join(folder, windows ? `${name}.exe` : name), windows ? constants.F_OK : constants.X_OK);
      return true;
    } catch {}
  }
  return false;
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}
