import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { deviceFailure, reasonOf, type Side } from '../devices/device-failure.js';
import type {
  Backend,
  BackendDevice,
  InputRequest,
  InputStream,
  OutputStream,
  StreamRequest,
} from './backend.js';
import type { Decibri, DecibriSpeaker, DecibriStreamOptions } from './decibri-package.js';
import { durationMs, leadMs, Pacer } from './pacer.js';

const entry = z.object({
  name: z.string(),
  id: z.string(),
  defaultSampleRate: z.number(),
  isDefault: z.boolean(),
});
const inputEntry = entry.extend({ maxInputChannels: z.number() });
const outputEntry = entry.extend({ maxOutputChannels: z.number() });

const framesPerSecond = 50;
/** From writing to sounding, on top of what we write ahead. */
const deviceMs = 75;

/** The package decibri (cpal, prebuilt), where the user installed it. Stopping it drops what was not played yet. */
export class DecibriBackend implements Backend {
  readonly id = 'decibri';

  constructor(private readonly decibri: Decibri) {}

  async list(): Promise<BackendDevice[]> {
    const inputs = z.array(inputEntry).parse(this.decibri.inputDevices());
    const outputs = z.array(outputEntry).parse(this.decibri.outputDevices());
    return [
      ...inputs.map((device) => described(device, device.maxInputChannels, 0)),
      ...outputs.map((device) => described(device, 0, device.maxOutputChannels)),
    ]
      .filter(({ inputs, outputs }) => inputs + outputs > 0)
      .map((device, index) => ({ ...device, index }));
  }

  async openInput(request: InputRequest): Promise<InputStream> {
    const { rateHz, onPcm, onLost } = request;
    const name = await this.name('input', request);
    const frame = { framesPerBuffer: Math.round(rateHz / framesPerSecond) };
    try {
      const microphone = await this.decibri.Microphone.open({ ...options(request), ...frame });
      microphone.on('data', (chunk: Uint8Array) => onPcm(chunk));
      microphone.once('error', (error) => onLost(reasonOf(error)));
      return { name, rateHz, close: async () => microphone.stop() };
    } catch (error) {
      throw deviceFailure.notOpened('input', name, reasonOf(error), error);
    }
  }

  async openOutput(request: StreamRequest): Promise<OutputStream> {
    const name = await this.name('output', request);
    const open = () => this.decibri.Speaker.open(options(request));
    try {
      return new DecibriOutput(name, request, await open(), open);
    } catch (error) {
      throw deviceFailure.notOpened('output', name, reasonOf(error), error);
    }
  }

  private async name(side: Side, { device }: StreamRequest): Promise<string> {
    if (device !== undefined) return device.name;
    const devices = await this.list();
    const usual = devices.find((found) => (side === 'input' ? found.defaultInput : found.defaultOutput));
    if (usual === undefined) throw deviceFailure.none(side);
    return usual.name;
  }
}

class DecibriOutput implements OutputStream {
  readonly name: string;
  readonly rateHz: number;
  readonly discardedMs = leadMs + deviceMs;
  private readonly pacer = new Pacer();
  private readonly onLost: (reason: string) => void;
  private speaker: DecibriSpeaker | undefined;
  private closed = false;

  constructor(
    name: string,
    request: StreamRequest,
    speaker: DecibriSpeaker,
    private readonly open: () => Promise<DecibriSpeaker>,
  ) {
    this.name = name;
    this.rateHz = request.rateHz;
    this.onLost = request.onLost;
    this.speaker = this.watched(speaker);
  }

  async write(pcm: Uint8Array, sounding: boolean): Promise<void> {
    this.speaker ??= this.watched(await this.open());
    const block = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
    if (this.pacer.shouldWrite(sounding, durationMs(pcm, this.rateHz), performance.now()))
      this.speaker.write(block);
    const waitMs = this.pacer.waitMs(performance.now());
    if (waitMs > 0) await delay(waitMs);
  }

  discard(): void {
    this.speaker?.stop();
    this.speaker = undefined;
    this.pacer.reset();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.speaker?.stop();
  }

  private watched(speaker: DecibriSpeaker): DecibriSpeaker {
    speaker.once('error', (error) => {
      if (this.speaker === speaker && !this.closed) this.onLost(reasonOf(error));
    });
    return speaker;
  }
}

function options({ rateHz, device }: StreamRequest): DecibriStreamOptions {
  const chosen = device === undefined ? {} : { device: { id: device.handle } };
  return { sampleRate: rateHz, channels: 1, dtype: 'int16', ...chosen };
}

function described(
  { name, id, defaultSampleRate, isDefault }: z.infer<typeof entry>,
  inputs: number,
  outputs: number,
): Omit<BackendDevice, 'index'> {
  return {
    name,
    hostApi: id.split(':')[0] ?? 'decibri',
    inputs,
    outputs,
    defaultRateHz: defaultSampleRate,
    defaultInput: isDefault && inputs > 0,
    defaultOutput: isDefault && outputs > 0,
    handle: id,
  };
}
