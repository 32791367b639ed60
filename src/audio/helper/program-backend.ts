import { deviceFailure } from '../devices/device-failure.js';
import type {
  Backend,
  BackendDevice,
  BackendId,
  InputRequest,
  InputStream,
  OutputStream,
  StreamRequest,
} from './backend.js';
import { PlayerProgram } from './player-program.js';
import type { Program } from './program.js';
import { RecorderProgram } from './recorder-program.js';

/** Sound through programs of the system instead of a library: needs no compiler, and a program that fails can be ended. */
export class ProgramBackend implements Backend {
  readonly id: BackendId;

  constructor(private readonly program: Program) {
    this.id = program.id;
  }

  async list(): Promise<readonly BackendDevice[]> {
    return this.program.list();
  }

  async openInput({ rateHz, device, onPcm, onLost }: InputRequest): Promise<InputStream> {
    const name = device?.name ?? (await this.defaultName('input'));
    const [file, ...args] = this.program.record(rateHz, device?.handle);
    const environment = this.program.environment?.(device?.handle);
    const stream = new RecorderProgram({ file, args, environment, name, rateHz, onPcm, onLost });
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
    const stream = new PlayerProgram({ file, args, environment, name, rateHz, startMs, provesMs, onLost });
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
