import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import { catalog } from '../../providers/catalog.js';
import type { VendorOptions } from '../../providers/vendor-options.js';

/**
 * Options that a provider does not have would have no effect. Of providers that nobody has listed everything is taken.
 * @throws VoxtermError exit 3 that names them.
 */
export function refuseOptions(provider: string, options: VendorOptions = {}): void {
  const entry = catalog.find(({ id }) => id === provider);
  if (entry === undefined) return;
  const known: readonly string[] = entry.options;
  const unknown = Object.entries(options).flatMap(([name, value]) =>
    value === undefined || known.includes(name) ? [] : [name],
  );
  if (unknown.length === 0) return;
  throw new VoxtermError(`The provider ${provider} has no option ${unknown.join(', ')}.`, {
    code: 'options.unknown',
    exitCode: ExitCode.configuration,
    hint: known.length === 0 ? 'It has none.' : `It has: ${known.join(', ')}.`,
  });
}
