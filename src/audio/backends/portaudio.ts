import { deviceFailure, reasonOf, type Side } from '../devices/device-failure.js';
import type {
  Backend,
  BackendDevice,
  InputRequest,
  InputStream,
  OutputStream,
  StreamRequest,
} from './backend.js';
import { type Addon, type AddonStreamOptions, readDevices, readHostApis } from './portaudio-addon.js';
import { portAudioDevices } from './portaudio-devices.js';
import { PortAudioInput, PortAudioOutput } from './portaudio-streams.js';
import { pulseDevices } from './pulse-devices.js';

/**
 * Blocks the addon holds ready, besides the one being played and the one whose write waits. Each further block delays a
 * clear by 10 ms, and prevented no gaps even on a machine with one free core.
 */
const outputQueue = 1;
/** A microphone that is not read for half a second loses sound. */
const inputQueue = 50;
const blocksPerSecond = 100;
/** The name of the sound server in PortAudio's ALSA interface. */
const pulsePlugin = 'pulse';

/** PortAudio through naudiodon's addon: two streams, because one duplex stream forces equal rates on both sides. */
export class PortAudioBackend implements Backend {
  readonly id = 'portaudio';

  constructor(private readonly addon: Addon) {}

  /**
   * On Linux the sound server's devices come first; PortAudio itself sees only the server as a whole. PortAudio's own
   * list is stale while a stream is open.
   */
  async list(): Promise<BackendDevice[]> {
    const own = this.ownDevices();
    const pulse = this.pulsePlugin(own) === undefined ? undefined : await pulseDevices();
    if (pulse === undefined) return own;
    const direct = own.filter(({ name }) => name !== pulsePlugin && name !== 'default');
    return [
      ...pulse,
      ...direct.map((device) => ({ ...device, defaultInput: false, defaultOutput: false })),
    ].map((device, index) => ({ ...device, index }));
  }

  async openInput(request: InputRequest): Promise<InputStream> {
    const { name, deviceId } = await this.resolve('input', request.device);
    return this.firstThatOpens('input', name, request, (rateHz, channels) => {
      const inOptions = options(deviceId, rateHz, channels, inputQueue);
      return new PortAudioInput(this.addon.create({ inOptions }), { ...request, name, rateHz, channels });
    });
  }

  async openOutput(request: StreamRequest): Promise<OutputStream> {
    const { name, deviceId } = await this.resolve('output', request.device);
    return this.firstThatOpens('output', name, request, (rateHz, channels) => {
      const outOptions = options(deviceId, rateHz, channels, outputQueue);
      return new PortAudioOutput(this.addon.create({ outOptions }), { ...request, name, rateHz, channels });
    });
  }

  /** Tries the preferred rate first; a device without a converter takes only its own, and some take only stereo. */
  private firstThatOpens<Stream>(
    side: Side,
    name: string,
    { rateHz, device }: StreamRequest,
    open: (rateHz: number, channels: number) => Stream,
  ): Stream {
    const rates = new Set([rateHz, device?.defaultRateHz ?? rateHz, 48_000, 44_100]);
    const attempts = [1, 2].flatMap((channels) => [...rates].map((rate) => ({ rate, channels })));
    let first: unknown;
    for (const { rate, channels } of attempts) {
      try {
        return open(rate, channels);
      } catch (error) {
        first ??= error;
      }
    }
    throw deviceFailure.notOpened(side, name, reasonOf(first), first);
  }

  /** PortAudio opens the default device for a number it does not know, so the number must be right. */
  private async resolve(
    side: Side,
    wanted: BackendDevice | undefined,
  ): Promise<{ name: string; deviceId: number }> {
    const own = this.ownDevices();
    const plugin = this.pulsePlugin(own);
    const pulse = plugin === undefined ? undefined : await pulseDevices();
    const isDefault = (device: BackendDevice) =>
      side === 'input' ? device.defaultInput : device.defaultOutput;
    const device = wanted ?? (pulse ?? own).find(isDefault);
    if (device?.hostApi === 'PulseAudio' && plugin !== undefined) {
      // libpulse reads these when it connects. Without a chosen device the stream may follow the desktop's settings.
      if (wanted !== undefined) process.env[side === 'input' ? 'PULSE_SOURCE' : 'PULSE_SINK'] = device.handle;
      return { name: device.name, deviceId: Number(plugin.handle) };
    }
    if (device === undefined) throw deviceFailure.none(side);
    if (!own.some(({ handle }) => handle === device.handle)) {
      throw deviceFailure.notOpened(side, device.name, 'it is no longer there');
    }
    return { name: device.name, deviceId: Number(device.handle) };
  }

  private ownDevices(): BackendDevice[] {
    return portAudioDevices(readDevices(this.addon), readHostApis(this.addon));
  }

  private pulsePlugin(devices: readonly BackendDevice[]): BackendDevice | undefined {
    return devices.find(({ name, hostApi }) => hostApi === 'ALSA' && name === pulsePlugin);
  }
}

function options(
  deviceId: number,
  rateHz: number,
  channelCount: number,
  maxQueue: number,
): AddonStreamOptions {
  const framesPerBuffer = Math.round(rateHz / blocksPerSecond);
  return {
    deviceId,
    sampleRate: rateHz,
    channelCount,
    sampleFormat: 16,
    maxQueue,
    framesPerBuffer,
    closeOnError: false,
  };
}
