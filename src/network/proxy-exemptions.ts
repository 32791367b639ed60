import { BlockList, isIP } from 'node:net';

/**
 * `NO_PROXY`: entries with commas or blanks. `.example.org`, `*.example.org` and `example.org` mean the same: the name
 * and everything below it. A port limits an entry, `10.0.0.0/8` and `fd00::/8` are ranges of addresses, and `*` is
 * everything.
 */
export function isExempt(
  { hostname, port, protocol }: URL,
  env: Readonly<Record<string, string | undefined>>,
) {
  const target = bare(hostname);
  const targetPort = port || (protocol === 'ws:' || protocol === 'http:' ? '80' : '443');
  return (env.no_proxy || env.NO_PROXY || '')
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const { host, port: only } = split(entry);
      if (only !== undefined && only !== targetPort) return false;
      return matches(target, host);
    });
}

/** A last colon with digits is a port, except in an IPv6 address without brackets. */
function split(entry: string): { readonly host: string; readonly port: string | undefined } {
  if (isIP(entry.replace(/\/\d+$/, '')) === 6) return { host: entry, port: undefined };
  const [, host = entry, port] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  return { host, port };
}

function matches(target: string, entry: string): boolean {
  const [network = '', prefix] = entry.split('/');
  const address = bare(network);
  const family = isIP(address);
  if (family !== 0) return isInRange(target, address, family, prefix);
  if (isIP(target) !== 0) return false;
  const name = address.replace(/^\*?\./, '');
  return prefix === undefined && name !== '' && (target === name || target.endsWith(`.${name}`));
}

function isInRange(target: string, address: string, family: number, prefix: string | undefined): boolean {
  if (isIP(target) !== family) return false;
  const bits = family === 4 ? 32 : 128;
  const length = prefix === undefined ? bits : Number(prefix || Number.NaN);
  if (!Number.isInteger(length) || length > bits) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const range = new BlockList();
  range.addSubnet(address, length, type);
  return range.check(target, type);
}

/** Without the brackets of an IPv6 address and the dot at the end of a full name. */
function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}
