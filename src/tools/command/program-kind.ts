import { closeSync, openSync, readlinkSync, readSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { kindByName, multiCallPrograms, scriptLanguages, spellingsOf } from './program-names.js';

/** Why a program may not get text that the model writes; `name` is the program, or what it turns out to be. */
export interface ProgramDanger {
  readonly kind: 'interpreter' | 'launcher' | 'script' | 'unknown';
  readonly name: string;
}

/**
 * Whether a program runs code or other programs, as far as names and the first line of a script tell; undefined for one
 * that is not known to. Links are followed, so that a new name for a shell does not hide it.
 * @param path of the program, absolute.
 */
export function programDanger(path: string, firstArgument?: string): ProgramDanger | undefined {
  for (const [index, name] of namesOf(path).entries()) {
    // `ls` that leads to busybox is `ls`: the name it is called by decides.
    if (index > 0 && spellingsOf(name).some((spelling) => multiCallPrograms.has(spelling))) continue;
    const kind = kindByName(name, firstArgument);
    if (kind !== 'other') return { kind, name };
  }
  return fileDanger(path);
}

/** Names of the file and of everything it is a link to. */
function namesOf(path: string): readonly string[] {
  const names = [basename(path)];
  let at = path;
  // As many links as Linux follows.
  for (let hop = 0; hop < 40; hop++) {
    let target: string;
    try {
      target = readlinkSync(at);
    } catch {
      break; // not a link
    }
    at = resolve(dirname(at), target);
    names.push(basename(at));
  }
  return names;
}

const headBytes = 512;

/** A script is judged by the program in its first line. A text without such a line is run by `sh`. */
function fileDanger(path: string): ProgramDanger | undefined {
  const head = headOf(path);
  if (head === undefined) return { kind: 'unknown', name: basename(path) };
  if (isMachineCode(head)) return undefined;
  const interpreter = head.toString('latin1', 0, 2) === '#!' ? interpreterOf(head) : 'sh';
  // These languages hand over arguments as they are. A shell splits and evaluates, perl opens "x |" as a program,
  // awk and make take "a=b" for an assignment.
  if (interpreter !== undefined && spellingsOf(interpreter).some((name) => scriptLanguages.has(name)))
    return undefined;
  return { kind: 'script', name: interpreter ?? 'an unknown program' };
}

function headOf(path: string): Buffer | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const head = Buffer.alloc(headBytes);
    return head.subarray(0, readSync(file, head, 0, headBytes, 0));
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** ELF, Mach-O in its byte orders and universal form, PE. */
const machineCode = ['7f454c46', 'feedface', 'feedfacf', 'cefaedfe', 'cffaedfe', 'cafebabe', 'cafebabf'];

function isMachineCode(head: Buffer): boolean {
  return machineCode.includes(head.toString('hex', 0, 4)) || head.toString('latin1', 0, 2) === 'MZ';
}

/** `#!/usr/bin/env -S node --x` → `node`. */
function interpreterOf(head: Buffer): string | undefined {
  const [line = ''] = head.toString('utf8', 2).split('\n');
  const [program = '', ...rest] = line.trim().split(/\s+/);
  if (basename(program) !== 'env') return basename(program) || undefined;
  const named = rest.find((word) => !word.startsWith('-') && !word.includes('='));
  return named === undefined ? undefined : basename(named);
}
