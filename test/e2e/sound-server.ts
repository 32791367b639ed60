import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { SpeakerMonitor } from './speaker-monitor.js';

const run = promisify(execFile);
const packages = 'pulseaudio pulseaudio-utils libasound2-plugins';

/**
 * Whether tests with a virtual sound card can run here. Where they have to (Linux on CI) a missing sound server is
 * not asked about: the tests then fail.
 */
export function soundServerExpected(): boolean {
  if (process.platform === 'linux' && process.env.CI !== undefined) return true;
  try {
    for (const program of ['pulseaudio', 'pacat', 'pactl']) {
      execFileSync('which', [program], { stdio: 'ignore' });
    }
    return true;
  } catch {
    console.warn(`Tests with sound are left out: install ${packages} to run them.`);
    return false;
  }
}

/**
 * A private PulseAudio with a virtual sound card: what is played can be listened to, and what the microphone hears can
 * be said. Nothing of it touches the machine's own sound.
 */
export class SoundServer {
  readonly rateHz: number;
  /** For the programs under test. */
  readonly env: NodeJS.ProcessEnv;
  private readonly children = new Set<ChildProcess>();

  private constructor(
    private readonly folder: string,
    rateHz: number,
    env: NodeJS.ProcessEnv,
    private daemon: ChildProcess,
  ) {
    this.rateHz = rateHz;
    this.env = env;
  }

  static async start(rateHz = 24_000): Promise<SoundServer> {
    const folder = await mkdtemp(join(tmpdir(), 'voxterm-sound-'));
    const socket = join(folder, 'run', 'native');
    await Promise.all(['run', 'state'].map((name) => mkdir(join(folder, name), { mode: 0o700 })));
    const format = `rate=${rateHz} format=s16le channels=1`;
    const script = [
      '.fail',
      `load-module module-native-protocol-unix socket=${socket} auth-anonymous=1`,
      // Without norewinds a null sink takes up to two seconds of sound in advance.
      `load-module module-null-sink sink_name=speaker norewinds=1 ${format}`,
      `load-module module-null-sink sink_name=micfeed norewinds=1 ${format}`,
      'load-module module-remap-source source_name=mic master=micfeed.monitor',
      'set-default-sink speaker',
      'set-default-source mic',
    ];
    await writeFile(join(folder, 'virtual.pa'), `${script.join('\n')}\n`);
    const { DISPLAY: _display, PULSE_SERVER: _server, ...base } = process.env;
    const daemonEnv = {
      ...base,
      PULSE_RUNTIME_PATH: join(folder, 'run'),
      PULSE_STATE_PATH: join(folder, 'state'),
      PULSE_COOKIE: join(folder, 'cookie'),
    };
    const daemon = startDaemon(folder, daemonEnv);
    const server = new SoundServer(folder, rateHz, { ...daemonEnv, PULSE_SERVER: `unix:${socket}` }, daemon);
    await server.ready();
    return server;
  }

  /** Listens to the loudspeaker. */
  async listen(): Promise<SpeakerMonitor> {
    const child = this.spawn('parec', [...this.format(), '--device=speaker.monitor', '--latency-msec=5']);
    const monitor = new SpeakerMonitor(child, this.rateHz);
    await monitor.started();
    return monitor;
  }

  /** Says PCM16 into the microphone; resolves when all of it was said. */
  async say(pcm: Uint8Array): Promise<void> {
    const child = this.spawn('pacat', [...this.format(), '--device=micfeed', '--latency-msec=20']);
    child.stdin?.end(pcm);
    await new Promise((resolve) => child.once('exit', resolve));
  }

  /** Lets the microphone hear the loudspeaker, as on a laptop, so much quieter. */
  async feedBack(decibels: number): Promise<void> {
    const loopback = ['source=speaker.monitor', 'sink=micfeed', 'latency_msec=20'];
    const module = (await this.control('load-module', 'module-loopback', ...loopback)).trim();
    const inputs: unknown = JSON.parse(await this.control('-f', 'json', 'list', 'sink-inputs'));
    // Programs that play have inputs too; only the loopback's own may be made quieter.
    const own = Array.isArray(inputs)
      ? inputs.find((input) => Reflect.get(input, 'owner_module') === module)
      : {};
    const index = Reflect.get(Object(own), 'index');
    if (index === undefined) throw new Error('The loopback has no input of its own.');
    await this.control('set-sink-input-volume', String(index), `${decibels}dB`);
  }

  /** The server dies without a word. */
  kill(): void {
    this.daemon.kill('SIGKILL');
  }

  /** The server stands still, or goes on. */
  freeze(frozen: boolean): void {
    this.daemon.kill(frozen ? 'SIGSTOP' : 'SIGCONT');
  }

  /** After `kill`: the same server again, at the same place. Resolves when it has its devices. */
  async restart(): Promise<void> {
    await rm(join(this.folder, 'run', 'native'), { force: true });
    this.daemon = startDaemon(this.folder, this.env);
    await this.ready();
  }

  /** Runs `pactl`. */
  async control(...args: string[]): Promise<string> {
    const { stdout } = await run('pactl', args, { env: this.env, timeout: 2000 });
    return stdout;
  }

  async stop(): Promise<void> {
    for (const child of this.children) child.kill('SIGKILL');
    this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      if (this.daemon.exitCode !== null || this.daemon.pid === undefined) break;
      const sources = await this.control('list', 'short', 'sources').catch(() => '');
      if (/\tmic\t/.test(sources)) return;
      await delay(30);
    }
    await this.stop();
    throw new Error(`No PulseAudio for the tests: sudo apt install ${packages}`);
  }

  private format(): string[] {
    return ['--raw', `--rate=${this.rateHz}`, '--channels=1', '--format=s16le'];
  }

  private spawn(program: string, args: string[]): ChildProcess {
    const child = spawn(program, args, { env: this.env, stdio: ['pipe', 'pipe', 'ignore'] });
    this.children.add(child);
    child.once('exit', () => this.children.delete(child));
    return child;
  }
}

function startDaemon(folder: string, env: NodeJS.ProcessEnv): ChildProcess {
  const { PULSE_SERVER: _server, ...own } = env;
  const daemon = spawn(
    'pulseaudio',
    [
      ...['-n', '-F', join(folder, 'virtual.pa'), '--daemonize=no', '--use-pid-file=no'],
      ...[
        '--exit-idle-time=-1',
        '--realtime=no',
        '--high-priority=no',
        '--disable-shm=yes',
        '--disallow-exit',
      ],
    ],
    { env: own, stdio: 'ignore' },
  );
  daemon.on('error', () => undefined); // `ready` tells.
  return daemon;
}
