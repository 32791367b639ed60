// Start-up of `voxterm --help` compared with an empty program.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median, ratio } from './statistics.js';

const rounds = 25;
const bin = fileURLToPath(new URL('../bin/voxterm.js', import.meta.url));

function time(args) {
  const startedAt = process.hrtime.bigint();
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
  return Number(process.hrtime.bigint() - startedAt) / 1e6;
}

export function startUp() {
  const empty = [];
  const help = [];
  for (let round = 0; round < rounds; round += 1) {
    empty.push(time(['-e', '0']));
    help.push(time([bin, '--help']));
  }
  const [ours, theirs] = [median(help), median(empty)];
  return [
    {
      what: 'start-up of --help, against node -e 0',
      value: ratio(ours, theirs),
      goal: '≤ 2.5 ×',
      detail: `${ours.toFixed(0)} ms / ${theirs.toFixed(0)} ms`,
    },
  ];
}
