import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../../base/replace-file.js';
import { readTextFile } from '../../base/text-file.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import { noHome, userStatePath } from '../paths.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Servers that come with a project. They need consent, because the file can start any program. */
export interface ProjectMcpFile {
  /** Without symbolic links. */
  readonly path: string;
  /**
   * The text that was read, and that consent is given to. Parse the servers from this text; do not read the file again.
   */
  readonly text: string;
  readonly sha256: string;
}

/** By path: SHA-256 of the content that the user agreed to. */
const consents = z.record(z.string(), z.string());

type Consents = z.infer<typeof consents>;

/** Number of projects remembered. Beyond it, the oldest is forgotten and the user is asked there again. */
const mostConsents = 500;

/**
 * `.mcp.json` of this directory; undefined if there is no such file.
 * @throws VoxtermError exit 3 when it exists but cannot be read.
 */
export async function projectMcpFile(directory: string): Promise<ProjectMcpFile | undefined> {
  const named = join(directory, '.mcp.json');
  try {
    const text = await readTextFile(named, { what: 'MCP configuration', exitCode: ExitCode.configuration });
    const sha256 = createHash('sha256').update(text).digest('hex');
    return { path: await realpath(named), text, sha256 };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whether the user agreed to exactly this content at this path. False if the consents cannot be read. */
export function hasConsent({ path, sha256 }: ProjectMcpFile, env: Environment): boolean {
  const file = consentPath(env);
  return file !== undefined && load(file)[path] === sha256;
}

/**
 * Remembers that the user agreed. If the file changes, the user is asked again.
 * @throws VoxtermError exit 2 when it cannot be written.
 */
export function giveConsent({ path, sha256 }: ProjectMcpFile, env: Environment): void {
  const file = consentPath(env);
  if (file === undefined) throw noHome('A consent is kept below the home directory');
  try {
    const { [path]: _before, ...others } = load(file);
    save(file, Object.fromEntries([...Object.entries(others), [path, sha256]].slice(-mostConsents)));
  } catch (error) {
    throw new VoxtermError(`The consent cannot be kept in ${file}.`, {
      code: 'mcp.consent-unwritable',
      exitCode: ExitCode.usage,
      hint: 'Make the directory writable; until then the question comes back at every start.',
      cause: error,
    });
  }
}

function consentPath(env: Environment): string | undefined {
  return userStatePath(env, 'mcp-consent.json');
}

function load(path: string): Consents {
  try {
    return consents.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? {};
  } catch {
    return {};
  }
}

/** Only the owner may write the file. It is replaced atomically: a crash leaves the old file or the new one. */
function save(path: string, known: Consents): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  replaceFile(path, `${JSON.stringify(known, undefined, 2)}\n`);
}

function isMissing(error: unknown): boolean {
  const cause = error instanceof VoxtermError ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}
