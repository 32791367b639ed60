import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { isObject, kindOf } from '../../base/json.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import { backgroundResult } from '../calls/background-result.js';
import { defineTool } from '../definition/define-tool.js';
import { ToolError } from '../definition/tool-error.js';
import { importFailure, requireModuleFile } from './import-failure.js';

/** A possible tool definition, and where it was found: `"default"`, `"tools"[1]`. */
export interface ExportedDefinition {
  readonly definition: unknown;
  readonly exportName: string;
}

/** Passed to an export that is a function, so that a module needs no packages. */
export interface ToolModuleKit {
  readonly z: typeof z;
  readonly defineTool: typeof defineTool;
  readonly ToolError: typeof ToolError;
  readonly backgroundResult: typeof backgroundResult;
}

/** A module that waits for something at its top level must not block the start forever. */
const importTimeoutMs = 10_000;

const kit: ToolModuleKit = { z, defineTool, ToolError, backgroundResult };

/**
 * Imports a module and lists what its exports `default` and `tools` contain: one definition, an array of them, or a
 * function that returns either.
 * @throws VoxtermError exit 3 when the module cannot be imported or exports neither.
 */
export async function exportedDefinitions(path: string): Promise<ExportedDefinition[]> {
  const module = await importModule(path);
  const found: ExportedDefinition[] = [];
  for (const name of ['default', 'tools']) {
    const value = Reflect.get(module, name);
    if (value === undefined) continue;
    const exportName = JSON.stringify(name);
    const made = typeof value === 'function' ? await call(value, exportName, path) : value;
    const several: readonly unknown[] = Array.isArray(made) ? made : [made];
    for (const [index, definition] of several.entries()) {
      // `export const tools = [dice]; export default tools` exports the same objects twice.
      if (found.some((other) => other.definition === definition && isObject(definition))) continue;
      found.push({ definition, exportName: Array.isArray(made) ? `${exportName}[${index}]` : exportName });
    }
  }
  if (found.length === 0) throw exportsNothing(path, Object.keys(module));
  return found;
}

async function importModule(path: string): Promise<object> {
  requireModuleFile(path);
  try {
    const module: unknown = await withinTimeout(import(pathToFileURL(path).href));
    if (typeof module === 'object' && module !== null) return module;
    throw new Error(`it gave ${kindOf(module)}`);
  } catch (error) {
    throw importFailure(error, path);
  }
}

async function call(make: (kit: ToolModuleKit) => unknown, exportName: string, path: string) {
  try {
    return await withinTimeout(Promise.resolve(make(kit)));
  } catch (error) {
    throw importFailure(error, path, `its export ${exportName}`);
  }
}

async function withinTimeout(work: Promise<unknown>): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    const giveUp = () => reject(new Error(`it was not ready within ${importTimeoutMs / 1000} s`));
    timer = setTimeout(giveUp, importTimeoutMs);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

function exportsNothing(path: string, names: readonly string[]): VoxtermError {
  const found = names.length === 0 ? 'nothing' : names.join(', ');
  return new VoxtermError(`The tool module ${path} exports no tool; it exports ${found}.`, {
    code: 'tool.module',
    exitCode: ExitCode.configuration,
    hint: 'Export a definition, an array of them or a function that returns them, as "default" or as "tools".',
  });
}
