/** Whether `hostname`, as `URL` returns it, is this machine. `URL` writes every IPv4 address as four numbers. */
export function isLoopback(hostname: string): boolean {
  return /^(.+\.)?localhost$|^127\.\d+\.\d+\.\d+$|^\[::1\]$/.test(hostname);
}
