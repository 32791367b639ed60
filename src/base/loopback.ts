/** Whether a host name as `URL` gives it means this machine: that parser has written every IPv4 address as four numbers. */
export function isLoopback(hostname: string): boolean {
  return /^(.+\.)?localhost$|^127\.\d+\.\d+\.\d+$|^\[::1\]$/.test(hostname);
}
