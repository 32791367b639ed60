/**
 * Whether `hostname`, as `URL` returns it, is this machine. `URL` writes every IPv4 address as four numbers, and one
 * inside IPv6 as hexadecimal. Connecting to the unspecified address (0.0.0.0, ::) reaches this machine, too: servers
 * print it as their own address.
 */
export function isLoopback(hostname: string): boolean {
  return /^(.+\.)?localhost\.?$|^127\.\d+\.\d+\.\d+$|^0\.0\.0\.0$|^\[::1?\]$|^\[::ffff:(7f[\da-f]{2}:[\da-f]{1,4}|0:0)\]$/.test(
    hostname,
  );
}
