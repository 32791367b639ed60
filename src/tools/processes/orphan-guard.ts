import { type ChildProcess, spawn } from 'node:child_process';
import { markPrefix } from './process-mark.js';

/**
 * Reads `+ 123` and `- 123`; when our process has ended, it ends the groups that are left, and what has left its group.
 */
const script = `
groups=
while read -r sign group; do
  kept=
  for each in $groups; do [ "$each" = "$group" ] || kept="$kept $each"; done
  groups=$kept
  [ "$sign" = + ] && groups="$groups $group"
done
left=
for each in $groups; do kill -TERM "-$each" && left="$left $each"; done
[ -z "$left" ] || sleep 1
for each in $left; do kill -KILL "-$each"; done
for file in /proc/[0-9]*/environ; do
  tr '\\0' '\\n' < "$file" | grep -q "^$1" || continue
  id=\${file#/proc/}
  kill -KILL "\${id%/environ}"
done
`;

let guard: ChildProcess | undefined;

/** Ends this process group when our process ends, even if we are killed and cannot end it ourselves. */
export function guardGroup(id: number): void {
  tell('+', id);
}

/** The group has ended: its number may soon be reused. */
export function forgetGroup(id: number): void {
  if (guard !== undefined) tell('-', id);
}

function tell(sign: '+' | '-', id: number): void {
  guard ??= start();
  guard.stdin?.write(`${sign} ${id}\n`);
}

/** A shell in its own session, which sleeps until there is something to read. Without a shell there is no guard. */
function start(): ChildProcess {
  const child = spawn('/bin/sh', ['-c', script, 'sh', markPrefix], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: '/usr/bin:/bin' },
    cwd: '/',
  });
  child.on('error', () => {});
  child.stdin?.on('error', () => {});
  child.unref();
  return child;
}
