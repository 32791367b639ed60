import { dirname } from 'node:path';
import { readTextFile } from '../../base/text-file.js';
import { ExitCode } from '../../contract/exit.js';
import { anchor } from '../anchor.js';
import { checkConfig } from '../check.js';
import type { Layer, Origin } from '../layer.js';
import { parseJsonc } from './jsonc.js';

const exitCode = ExitCode.configuration;

/**
 * What a configuration file sets.
 * @throws VoxtermError exit 3 with file, line and column of what is wrong in it.
 */
export async function fileLayer(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Layer> {
  const { value, positionOf } = parseJsonc(
    await readTextFile(path, { what: 'configuration file', exitCode }),
    path,
  );
  const origin: Origin = {
    source: 'config',
    exitCode,
    directory: dirname(path),
    nameOf: (where, place = 'value') => {
      const name = where.length === 0 ? 'the configuration' : where.join('.');
      return `${path}:${positionOf(where, place)}: ${name}`;
    },
    label: (where) => `${path}:${positionOf(where, 'value')}`,
  };
  return anchor(checkConfig(value, origin), origin, env);
}
