import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { deviceFailure, sentence } from '../device-failure.js';
import type { Backend, BackendId } from './backend.js';
import { PortAudioBackend } from './portaudio.js';
import { loadAddon } from './portaudio-addon.js';
import { ProgramBackend } from './program-backend.js';
import { programs } from './programs.js';

/** A backend that may work here, or why it does not. */
export type Candidate =
  | { readonly id: BackendId; readonly backend: Backend }
  | { readonly id: BackendId; readonly missing: string };

/** All backends, best first. Loads the native addon. */
export async function allCandidates(): Promise<Candidate[]> {
  return [
    portAudio(),
    ...(await Promise.all(
      programs.map(async (program) => {
        const { id, needs } = program;
        const missing = await firstMissing(needs);
        return missing === undefined
          ? { id, backend: new ProgramBackend(program) }
          : { id, missing: `${missing} is not installed` };
      }),
    )),
  ];
}

function portAudio(): Candidate {
  try {
    return { id: 'portaudio', backend: new PortAudioBackend(loadAddon()) };
  } catch (error) {
    return { id: 'portaudio', missing: firstLine(sentence(error)) };
  }
}

/** What was wished for, or all of them for `auto`; those that cannot work are left out. */
export async function usableBackends(
  wanted: BackendId | 'auto',
  without: readonly string[] = [],
): Promise<Backend[]> {
  const candidates = (await allCandidates()).filter(({ id }) => !without.includes(id));
  const chosen = wanted === 'auto' ? candidates : candidates.filter(({ id }) => id === wanted);
  const usable = chosen.flatMap((candidate) => ('backend' in candidate ? [candidate.backend] : []));
  if (usable.length > 0) return usable;
  const reasons = chosen.flatMap((candidate) =>
    'missing' in candidate ? [`${candidate.id}: ${candidate.missing}`] : [],
  );
  throw deviceFailure.noBackend(
    `Nothing can reach the sound hardware (${reasons.join('; ')}).`,
    repair(process.platform),
  );
}

/**
 * How to get a working backend, as commands. npm from version 12 on installs packages without running their build
 * scripts unless told to, and says nothing.
 */
export function repair(platform: string): string {
  const native =
    'Build the native module: "npm install -g --allow-scripts=naudiodon,segfault-handler voxterm", or in a project "npm rebuild naudiodon"';
  switch (platform) {
    case 'linux':
      return `Install what it needs: "sudo apt install libasound2 libasound2-plugins pulseaudio-utils" (pulseaudio-utils alone is enough). ${native}.`;
    case 'darwin':
      return `${native}. Or install sox: "brew install sox".`;
    default:
      return `${native}.`;
  }
}

async function firstMissing(names: readonly string[]): Promise<string | undefined> {
  for (const name of names) if (!(await onPath(name))) return name;
  return undefined;
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
