import type { SoundBackend } from '../../contract/sound-options.js';
import { deviceFailure } from '../devices/device-failure.js';
import type {
  Backend,
  BackendDevice,
  InputRequest,
  InputStream,
  OutputStream,
  StreamRequest,
} from './backend.js';
import { ProgramInput } from './program-input.js';
import { ProgramOutput } from './program-output.js';

/** A command line: program, then arguments. */
type Command = readonly [program: string, ...args: string[]];

/** A program of the system that plays PCM16 mono from its input, and one that records it to its output. */
export interface SystemProgram {
  readonly id: SoundBackend;
  /** The programs that must be on the PATH. */
  readonly needs: readonly string[];
  /** `handle` is a device's; undefined = the system's default. */
  play(rateHz: number, handle: string | undefined): Command;
  record(rateHz: number, handle: string | undefined): Command;
  /** Added to the environment, for programs that take the device that way. */
  environment?(handle: string | undefined): Readonly<Record<string, string>>;
  /** From starting the player to the first sound, in milliseconds: this much of what it was given is not heard yet. */
  readonly startMs: number;
  /** A player that cannot play ends within this time after its first sound, in milliseconds. */
  readonly provesMs: number;
  /** Empty when only the system's default can be used. */
  list(): Promise<readonly BackendDevice[]>;
}

/**
 * Sound through the system's programs instead of a library: it needs no compiler, and a program that hangs can be
 * killed.
 */
export class ProgramBackend implements Backend {
  readonly id: SoundBackend;

  constructor(private readonly program: SystemProgram) {
    this.id = program.id;
  }

  async list(): Promise<readonly BackendDevice[]> {
    return this.program.list();
  }

  async openInput({ rateHz, device, onPcm, onLost }: InputRequest): Promise<InputStream> {
    const name = device?.name ?? (await this.defaultName('input'));
    const [file, ...args] = this.program.record(rateHz, device?.handle);
    const environment = this.program.environment?.(device?.handle);
    const stream = new ProgramInput({ file, args, environment, name, rateHz, onPcm, onLost });
    const failure = await stream.opened();
    if (failure === undefined) return stream;
    await stream.close();
    throw deviceFailure.notOpened('input', name, failure);
  }

  async openOutput({ rateHz, device, onLost }: StreamRequest): Promise<OutputStream> {
    const name = device?.name ?? (await this.defaultName('output'));
    const [file, ...args] = this.program.play(rateHz, device?.handle);
    const environment = this.program.environment?.(device?.handle);
    const { startMs, provesMs } = this.program;
    const stream = new ProgramOutput({ file, args, environment, name, rateHz, startMs, provesMs, onLost });
    const failure = await stream.opened();
    if (failure === undefined) return stream;
    await stream.close();
    throw deviceFailure.notOpened('output', name, failure);
  }

  private async defaultName(side: 'input' | 'output'): Promise<string> {
    const devices = await this.program.list();
    const usual = devices.find((device) => (side === 'input' ? device.defaultInput : device.defaultOutput));
    return usual?.name ?? `default (${this.id})`;
  }
}
