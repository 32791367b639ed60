import type { PartKey } from '../../contract/events.js';
import type { EchoMode } from '../../contract/sound-options.js';
import type { Backend, BackendDevice, InputStream, OutputStream } from '../backends/backend.js';
import { chooseDevice } from '../devices/device-choice.js';
import type { Side } from '../devices/device-failure.js';
import { silenceNotice } from '../microphone/digital-silence.js';
import { EchoGate } from '../microphone/echo-gate.js';
import { type MicrophoneFrame, MicrophoneFramer } from '../microphone/microphone-framer.js';
import { Playout } from '../playback/playout.js';
import type { OpenOrder, Report } from './messages.js';
import { OutputLoop, type RenderedBlock } from './output-loop.js';

/** Where an pipeline tells what happens. */
export interface PipelineListener {
  report(report: Report): void;
  frame(frame: MicrophoneFrame): void;
}

/** How often rendered positions are reported. */
const reportMs = 50;

/**
 * Microphone, playout, echo gate and speaker, connected: everything that must keep running while the session stalls.
 */
export class AudioPipeline {
  /** Portions the microphone has delivered, and blocks the speaker has taken: the watchdog checks them. */
  framesRead = 0;
  blocksWritten = 0;
  private readonly gate: EchoGate;
  private microphone: MicrophoneFramer | undefined;
  private playout: Playout | undefined;
  private outputLoop: OutputLoop | undefined;
  private input: InputStream | undefined;
  private output: OutputStream | undefined;
  private underruns = 0;
  private loudest = 0;
  private unreportedMs = 0;
  private closed = false;

  constructor(
    echo: EchoMode,
    private readonly listener: PipelineListener,
  ) {
    this.gate = new EchoGate(echo);
  }

  get inputName(): string | null {
    return this.input?.name ?? null;
  }

  get outputName(): string | null {
    return this.output?.name ?? null;
  }

  /**
   * Opens the devices. The microphone first: opening it can change the rate of a Bluetooth headset.
   * @throws VoxtermError exit 4; nothing stays open then.
   */
  async open(backend: Backend, order: OpenOrder): Promise<void> {
    const named = order.inputDevice !== null || order.outputDevice !== null;
    const devices = named ? await backend.list() : [];
    const device = (side: Side, wanted: string | null): BackendDevice | undefined =>
      wanted === null ? undefined : chooseDevice(devices, side, wanted);
    const inputDevice = order.input ? device('input', order.inputDevice) : undefined;
    const outputDevice = order.output ? device('output', order.outputDevice) : undefined;
    try {
      if (order.input) await this.openInput(backend, order, inputDevice);
      if (order.output) await this.openOutput(backend, order, outputDevice);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  play(part: PartKey, pcm: Uint8Array): void {
    this.playout?.enqueue(part, pcm);
  }

  endPart(part: PartKey): void {
    this.playout?.endPart(part);
  }

  clear(epoch: number): void {
    const parts = this.playout?.clear() ?? [];
    this.output?.discard?.();
    this.listener.report({ type: 'cleared', epoch, parts });
  }

  set muted(muted: boolean) {
    if (this.microphone !== undefined) this.microphone.muted = muted;
  }

  set echo(mode: EchoMode) {
    this.gate.mode = mode;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.outputLoop?.stop();
    await Promise.allSettled([this.input?.close(), this.output?.close()]);
  }

  private async openInput(
    backend: Backend,
    order: OpenOrder,
    device: BackendDevice | undefined,
  ): Promise<void> {
    const early: Uint8Array[] = [];
    const input = await backend.openInput({
      rateHz: order.inputRateHz,
      device,
      onPcm: (pcm) => {
        this.framesRead += 1;
        if (this.microphone === undefined) early.push(pcm);
        else this.hear(this.microphone, pcm);
      },
      onLost: (reason) => this.lose('microphone', reason),
    });
    this.input = input;
    const rates = { fromHz: input.rateHz, toHz: order.inputRateHz };
    this.microphone = new MicrophoneFramer({ ...rates, gate: this.gate, muted: order.muted });
    for (const pcm of early) this.hear(this.microphone, pcm);
  }

  private async openOutput(
    backend: Backend,
    order: OpenOrder,
    device: BackendDevice | undefined,
  ): Promise<void> {
    const output = await backend.openOutput({
      rateHz: order.outputRateHz,
      device,
      onLost: (reason) => this.lose('speaker', reason),
    });
    this.output = output;
    const { rateHz: toHz, discardedMs } = output;
    const playout = new Playout({ fromHz: order.outputRateHz, toHz, discardedMs });
    this.playout = playout;
    this.outputLoop = new OutputLoop(output, playout, (block) => this.rendered(playout, block));
    this.outputLoop.run().catch((error: unknown) => this.lose('speaker', String(error)));
  }

  private hear(microphone: MicrophoneFramer, pcm: Uint8Array): void {
    for (const frame of microphone.hear(pcm, performance.now())) this.listener.frame(frame);
    if (microphone.takeSilent()) {
      this.listener.report({ type: 'silent', ...silenceNotice(process.platform) });
    }
  }

  private rendered(playout: Playout, { level, sounding, durationMs }: RenderedBlock): void {
    this.blocksWritten += 1;
    if (sounding) this.gate.render(level, performance.now());
    this.loudest = Math.max(this.loudest, level);
    if (playout.underruns > this.underruns) {
      this.underruns = playout.underruns;
      this.listener.report({ type: 'underrun', count: this.underruns });
    }
    const drained = playout.takeDrained();
    this.unreportedMs += durationMs;
    if (this.unreportedMs < reportMs && !drained) return;
    this.unreportedMs = 0;
    const parts = playout.takeRendered();
    if (parts.length > 0) this.listener.report({ type: 'rendered', parts, level: this.loudest });
    this.loudest = 0;
    if (drained) this.listener.report({ type: 'drained' });
  }

  private lose(what: string, reason: string): void {
    if (this.closed) return;
    this.closed = true;
    this.listener.report({ type: 'lost', message: `The ${what} is gone: ${reason}.` });
  }
}
