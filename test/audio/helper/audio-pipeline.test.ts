import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type {
  Backend,
  BackendDevice,
  InputRequest,
  InputStream,
  OutputStream,
  StreamRequest,
} from '../../../src/audio/backends/backend.js';
import { AudioPipeline } from '../../../src/audio/helper/audio-pipeline.js';
import type { OpenOrder, Report } from '../../../src/audio/helper/messages.js';
import type { MicrophoneFrame } from '../../../src/audio/microphone/microphone-framer.js';
import { pcmOf } from '../../../src/audio/samples/pcm16.js';

const a = { itemId: 'a', contentIndex: 0 };
const order: OpenOrder = {
  type: 'open',
  backend: 'auto',
  without: [],
  echo: 'off',
  inputRateHz: 16_000,
  outputRateHz: 24_000,
  inputDevice: null,
  outputDevice: null,
  input: true,
  output: true,
  muted: false,
};

/** Devices without hardware: a block every 10 ms of the fake clock. */
class FakeBackend implements Backend {
  readonly id = 'sox';
  readonly log: string[] = [];
  written: Uint8Array[] = [];
  input: InputRequest | undefined;
  output: StreamRequest | undefined;
  outputFails = false;
  discards = false;

  async list(): Promise<BackendDevice[]> {
    const rest = { hostApi: 'fake', defaultRateHz: 48_000, defaultInput: false, defaultOutput: false };
    return [{ index: 0, name: 'Headset', handle: 'hs', inputs: 1, outputs: 1, ...rest }];
  }

  async openInput(request: InputRequest): Promise<InputStream> {
    this.input = request;
    this.log.push('input opened');
    return { name: 'mic', rateHz: 48_000, close: async () => void this.log.push('input closed') };
  }

  async openOutput(request: StreamRequest): Promise<OutputStream> {
    if (this.outputFails) throw new Error('busy');
    this.output = request;
    this.log.push('output opened');
    return {
      name: 'speaker',
      rateHz: 24_000,
      discardedMs: this.discards ? 50 : 0,
      write: async (pcm) => {
        this.written.push(pcm);
        await new Promise((resolve) => setTimeout(resolve, 10));
      },
      ...(this.discards ? { discard: () => void this.log.push('discarded') } : {}),
      close: async () => void this.log.push('output closed'),
    };
  }
}

describe('AudioPipeline', () => {
  const reports: Report[] = [];
  const frames: MicrophoneFrame[] = [];
  let backend: FakeBackend;
  let pipeline: AudioPipeline;

  beforeEach(() => {
    vi.useFakeTimers();
    reports.length = 0;
    frames.length = 0;
    backend = new FakeBackend();
    pipeline = new AudioPipeline('off', {
      report: (report) => reports.push(report),
      frame: (frame) => frames.push(frame),
    });
  });

  afterEach(async () => {
    await pipeline.close();
    vi.useRealTimers();
  });

  it('opens the microphone first and takes devices by name', async () => {
    await pipeline.open(backend, { ...order, inputDevice: 'head', outputDevice: '0' });
    expect(backend.log).toEqual(['input opened', 'output opened']);
    expect(backend.input?.device?.handle).toBe('hs');
    expect(backend.output?.device?.handle).toBe('hs');
    expect([pipeline.inputName, pipeline.outputName]).toEqual(['mic', 'speaker']);
  });

  it('closes the microphone again when the speaker cannot be opened', async () => {
    backend.outputFails = true;
    await expect(pipeline.open(backend, order)).rejects.toThrow('busy');
    expect(backend.log).toEqual(['input opened', 'input closed']);
  });

  it('feeds silence when idle, reports positions every 50 ms and the end at once', async () => {
    await pipeline.open(backend, order);
    await vi.advanceTimersByTimeAsync(100);
    expect(backend.written.length).toBeGreaterThanOrEqual(10);
    expect(backend.written.flatMap((pcm) => [...pcm]).every((byte) => byte === 0)).toBe(true);
    pipeline.play(a, pcmOf(new Float32Array(2880).fill(0.5)));
    pipeline.endPart(a);
    await vi.advanceTimersByTimeAsync(300);
    const rendered = reports.filter((report) => report.type === 'rendered');
    expect(rendered.length).toBeGreaterThanOrEqual(2);
    expect(rendered.at(-1)).toMatchObject({ parts: [{ ...a, samples: 2880 }] });
    expect(rendered[0]?.level).toBeCloseTo(0.5, 2);
    expect(reports.at(-1)).toEqual({ type: 'drained' });
  });

  it('answers a clear at once and lets the device drop what it can', async () => {
    backend.discards = true;
    await pipeline.open(backend, order);
    pipeline.play(a, pcmOf(new Float32Array(24_000).fill(0.5)));
    await vi.advanceTimersByTimeAsync(200);
    pipeline.clear(3);
    expect(backend.log.at(-1)).toBe('discarded');
    expect(reports.at(-1)).toMatchObject({ type: 'cleared', epoch: 3, parts: [a] });
  });

  it('counts what the devices do', async () => {
    await pipeline.open(backend, order);
    backend.input?.onPcm(new Uint8Array(1920));
    backend.input?.onPcm(new Uint8Array(1920));
    await vi.advanceTimersByTimeAsync(50);
    expect(pipeline.framesRead).toBe(2);
    expect(pipeline.blocksWritten).toBeGreaterThanOrEqual(5);
    expect(frames.every(({ audio }) => audio.length === 640)).toBe(true);
  });

  it('hears nothing while it speaks in half-duplex mode', async () => {
    await pipeline.open(backend, order);
    pipeline.echo = 'half-duplex';
    pipeline.play(a, pcmOf(new Float32Array(24_000).fill(0.5)));
    await vi.advanceTimersByTimeAsync(100);
    for (let n = 0; n < 5; n += 1) backend.input?.onPcm(pcmOf(new Float32Array(960).fill(0.3)));
    expect(frames.length).toBeGreaterThan(3);
    expect(frames.every(({ level }) => level === 0)).toBe(true);
  });

  it('reports once which side is gone, and nothing after closing', async () => {
    await pipeline.open(backend, order);
    backend.input?.onLost('its stream has ended');
    backend.output?.onLost('too');
    expect(reports).toEqual([{ type: 'lost', message: 'The microphone is gone: its stream has ended.' }]);
  });
});
