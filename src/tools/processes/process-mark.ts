import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/** A variable in the environment of every process we start, by which those that left their group are found. */
const variable = 'VOXTERM_RUN';
const ours = randomBytes(8).toString('hex');
let runs = 0;

/** Begins every mark of this process, in the form it has in an environment. */
export const markPrefix = `${variable}=${ours}.`;

/** What to add to the environment of a program, so that all it starts can be found. */
export interface ProcessMark {
  readonly env: Readonly<Record<string, string>>;
}

export function newProcessMark(): ProcessMark {
  runs++;
  return { env: { [variable]: `${ours}.${runs}` } };
}

/**
 * The running processes with this mark. Only Linux shows the environment of a process, and a process may have emptied
 * it: what is in the group has to be ended as such.
 */
export function markedProcesses({ env }: ProcessMark): readonly number[] {
  if (process.platform !== 'linux') return [];
  const wanted = `\0${variable}=${env[variable]}\0`;
  return processIds().filter((id) => {
    try {
      return `\0${readFileSync(`/proc/${id}/environ`, 'latin1')}`.includes(wanted);
    } catch {
      return false; // it has ended, or is not ours
    }
  });
}

function processIds(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}
