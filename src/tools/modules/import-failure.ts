import { extname } from 'node:path';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import { fileStatus } from '../processes/file-status.js';

/**
 * The reason why a user's tool module cannot be used. `part`: the part of the module that failed, if not the import
 * itself.
 */
export function importFailure(error: unknown, path: string, part?: string): VoxtermError {
  const { message, hint } = explain(error, path, part);
  return new VoxtermError(message, {
    code: 'tool.module',
    exitCode: ExitCode.configuration,
    hint,
    cause: error,
  });
}

/** @throws VoxtermError exit 3 when there is no such file. */
export function requireModuleFile(path: string): void {
  const found = fileStatus(path);
  if (found?.isFile()) return;
  const message =
    found === undefined ? `There is no tool module at ${path}.` : `${path} is a folder, not a tool module.`;
  throw new VoxtermError(message, {
    code: 'tool.module',
    exitCode: ExitCode.configuration,
    hint: 'Give the path of an .mjs or .js file; a relative path starts at the folder you are in.',
  });
}

function explain(error: unknown, path: string, part: string | undefined): { message: string; hint: string } {
  const code = codeOf(error);
  const said = firstLine(error);
  if (code === 'ERR_MODULE_NOT_FOUND') {
    const wanted = /Cannot find (?:package|module) '([^']+)'/.exec(said)?.[1] ?? 'something';
    return {
      message: `The tool module ${path} imports ${wanted}, which cannot be found.`,
      hint: 'Install packages beside the module (npm install in its folder). zod is not needed: export a function, which gets { z, defineTool, ToolError }.',
    };
  }
  if (
    code === 'ERR_UNKNOWN_FILE_EXTENSION' ||
    code === 'ERR_IMPORT_ATTRIBUTE_MISSING' ||
    code === 'ERR_IMPORT_ASSERTION_TYPE_MISSING'
  ) {
    return {
      message: `Node ${process.versions.node} cannot import ${extname(path) || 'a file without an extension'}: ${path}.`,
      hint: 'A tool module is an .mjs or .js file. TypeScript (.ts) needs Node 22.18 or newer, or must be compiled first.',
    };
  }
  if (error instanceof SyntaxError) {
    return {
      message: `The tool module ${path} is not valid JavaScript: ${said}.`,
      hint: '"node --check" with the file shows the line. A .js file counts as an ES module only beside a package.json with "type": "module"; .mjs always does.',
    };
  }
  return {
    message: `The tool module ${path} cannot be used: ${part ?? 'it'} failed with "${said}".`,
    hint: 'A tool module should only export definitions; move anything that can fail into execute().',
  };
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n')[0] ?? '').trim().replace(/\.$/, '');
}
