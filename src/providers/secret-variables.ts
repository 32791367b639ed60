import type { Provider } from './provider.js';
import type { VendorOptions } from './vendor-options.js';

/** The variables that hold keys for this provider and its options, beyond those that are known to hold one. */
export function secretVariables(
  provider: Pick<Provider, 'keyVariables'> | undefined,
  { headers = {}, engines }: VendorOptions = {},
): readonly string[] {
  const { hear, think, speak } = engines ?? {};
  const ofEngines = [hear, think, speak].flatMap((engine) => engine?.keyVariable ?? []);
  const ofHeaders = Object.values(headers).flatMap((text) =>
    [...text.matchAll(/\$\{([^}]*)\}/g)].map(([, name = '']) => name),
  );
  return [...(provider?.keyVariables ?? []), ...ofEngines, ...ofHeaders];
}
