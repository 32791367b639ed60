// CPU per 100 ms audio delta, side by side: a bare ws loop, voxterm, @openai/agents-realtime.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { median, ratio } from './statistics.js';

const rounds = 5;
const deltas = 30_000;
const clients = ['bare-ws', 'voxterm', 'agents-sdk'];

function start(file, args, stdio) {
  return spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url)), ...args], { stdio });
}

async function firstLine(child) {
  let text = '';
  child.stdout.setEncoding('utf8');
  for await (const chunk of child.stdout) {
    text += chunk;
    if (text.includes('\n')) break;
  }
  if (!text.includes('\n')) throw new Error(`${child.spawnfile} ended without a result`);
  return text.slice(0, text.indexOf('\n'));
}

export async function audioDelta() {
  const server = start('delta-server.js', [String(deltas)], ['ignore', 'pipe', 'inherit']);
  try {
    const port = await firstLine(server);
    const url = `ws://127.0.0.1:${port}/v1/realtime?model=bench`;
    const results = Object.fromEntries(clients.map((name) => [name, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const name of clients) {
        const client = start(`clients/${name}.js`, [url], ['ignore', 'pipe', 'inherit']);
        const exited = once(client, 'exit');
        const { count, microseconds } = JSON.parse(await firstLine(client));
        if (count !== deltas) throw new Error(`${name} saw ${count} of ${deltas} deltas`);
        results[name].push(microseconds);
        await exited;
      }
    }
    const [bare, ours, sdk] = clients.map((name) => median(results[name]));
    return [
      {
        what: 'CPU per audio delta, against a bare ws loop',
        value: ratio(ours, bare),
        goal: '≤ 1.5 ×',
        detail: `${ours.toFixed(1)} µs / ${bare.toFixed(1)} µs`,
      },
      {
        what: 'CPU per audio delta, against @openai/agents-realtime',
        value: ratio(ours, sdk),
        goal: '≤ 0.5 ×',
        detail: `${ours.toFixed(1)} µs / ${sdk.toFixed(1)} µs`,
      },
    ];
  } finally {
    server.kill();
  }
}
