import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PtyScreen } from '../pty-screen.js';
import type { Direction, DriverOptions } from './talk-driver.js';

const hooks = fileURLToPath(new URL('../typescript-hooks.mjs', import.meta.url));
const driver = fileURLToPath(new URL('talk-driver.ts', import.meta.url));

export interface TalkOptions extends DriverOptions {
  readonly columns?: number;
  readonly rows?: number;
  /** Shell words around the program; `$TALK` stands for it. */
  readonly script?: string;
}

/** `talk` in a real terminal, with a session directed by the test. */
export class PtyTalk {
  readonly calls: string[] = [];

  private constructor(
    readonly screen: PtyScreen,
    private readonly socket: Promise<Socket>,
    private readonly release: () => void,
  ) {}

  static async start({
    columns = 80,
    rows = 24,
    script = '$TALK',
    ...options
  }: TalkOptions = {}): Promise<PtyTalk> {
    const directory = mkdtempSync(join(tmpdir(), 'voxterm-talk-'));
    const path = join(directory, 'director');
    const server = createServer().listen(path);
    await once(server, 'listening');
    const socket = once(server, 'connection').then(([connection]: Socket[]) => {
      if (connection === undefined) throw new Error('no connection');
      return connection;
    });
    const quoted = [process.execPath, '--import', hooks, driver, path, JSON.stringify(options)].map(
      (word) => `'${word.replaceAll("'", `'\\''`)}'`,
    );
    const screen = new PtyScreen(
      '/bin/bash',
      ['--norc', '-c', script.replaceAll('$TALK', quoted.join(' '))],
      {
        columns,
        rows,
      },
    );
    const release = (): void => {
      server.close();
      rmSync(directory, { recursive: true, force: true });
    };
    const talk = new PtyTalk(screen, socket, release);
    let rest = '';
    (await socket).on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      talk.calls.push(...lines.map((line): string => JSON.parse(line)));
    });
    return talk;
  }

  /** Emits an event of the session. */
  async direct(direction: Direction): Promise<void> {
    (await this.socket).write(`${JSON.stringify(direction)}\n`);
  }

  /** Waits until the terminal has asked this of the session. */
  async called(call: string): Promise<void> {
    await this.screen.until(
      () => this.calls.includes(call),
      `call "${call}", got ${JSON.stringify(this.calls)}`,
    );
  }

  async close(): Promise<void> {
    this.screen.kill();
    (await this.socket).destroy();
    this.release();
  }
}
