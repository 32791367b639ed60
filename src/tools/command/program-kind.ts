import { closeSync, openSync, readlinkSync, readSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { kindByName, multiCallPrograms, scriptLanguages, spellingsOf } from './program-names.js';
import { onlyReads } from './reading-programs.js';

/** Why a program may not get text that the model writes; `name` is the program, or what it turns out to be. */
export interface ProgramDanger {
  readonly kind: 'interpreter' | 'launcher' | 'script' | 'unknown' | 'unlisted';
  readonly name: string;
}

/**
 * Why a program may run code or other programs; undefined only for one that is known to read its arguments and nothing
 * else. Links are followed, so that a new name for a shell does not hide it.
 * @param path of the program, absolute.
 */
export function programDanger(path: string, firstArgument?: string): ProgramDanger | undefined {
  // `ls` that leads to busybox is `ls`: the name it is called by decides.
  const names = namesOf(path).filter(
    (name, index) => index === 0 || !spellingsOf(name).some((spelling) => multiCallPrograms.has(spelling)),
  );
  for (const name of names) {
    const kind = kindByName(name, firstArgument);
    if (kind !== 'other') return { kind, name };
  }
  const inFile = fileDanger(path);
  if (inFile !== undefined) return inFile;
  // Names that start programs cannot be listed completely, so a name that says nothing is refused.
  const unlisted = names.find((name) => !onlyReads(name));
  return unlisted === undefined ? undefined : { kind: 'unlisted', name: unlisted };
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
