import { setTimeout as delay } from 'node:timers/promises';
import { fromChannels, toChannels } from '../samples/channels.js';
import type { InputRequest, InputStream, OutputStream, StreamRequest } from './backend.js';
import { type AddonStream, readChunk } from './portaudio-addon.js';

/** `quit` plays what is queued, and hangs when the sound server is gone. */
const quitDeadlineMs = 300;
const readsPerSecond = 50;

interface Opened {
  readonly name: string;
  readonly rateHz: number;
  readonly channels: number;
}

export class PortAudioInput implements InputStream {
  readonly name: string;
  readonly rateHz: number;
  private closed = false;

  /** Starts at once. @throws PortAudio's error when the stream does not start. */
  constructor(
    private readonly stream: AddonStream,
    opened: Opened & Pick<InputRequest, 'onPcm' | 'onLost'>,
  ) {
    this.name = opened.name;
    this.rateHz = opened.rateHz;
    stream.start();
    this.read(opened).catch((error: unknown) => opened.onLost(String(error)));
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await quit(this.stream);
  }

  private async read({
    rateHz,
    channels,
    onPcm,
    onLost,
  }: Opened & Pick<InputRequest, 'onPcm' | 'onLost'>): Promise<void> {
    const bytes = 2 * channels * Math.round(rateHz / readsPerSecond);
    while (!this.closed) {
      const chunk = readChunk(await this.stream.read(bytes));
      if (this.closed) return;
      if (chunk === undefined || chunk.finished) {
        onLost('its stream has ended');
        return;
      }
      onPcm(fromChannels(chunk.buf, channels));
    }
  }
}

export class PortAudioOutput implements OutputStream {
  readonly name: string;
  readonly rateHz: number;
  /** The addon cannot drop anything: whatever it was given will be heard. */
  readonly discardedMs = 0;
  private readonly channels: number;
  private closed = false;

  /** Starts at once. @throws PortAudio's error when the stream does not start. */
  constructor(
    private readonly stream: AddonStream,
    opened: Opened & Pick<StreamRequest, 'onLost'>,
  ) {
    this.name = opened.name;
    this.rateHz = opened.rateHz;
    this.channels = opened.channels;
    stream.start();
  }

  async write(pcm: Uint8Array): Promise<void> {
    const block = toChannels(pcm, this.channels);
    await this.stream.write(Buffer.from(block.buffer, block.byteOffset, block.byteLength));
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await quit(this.stream);
  }
}

async function quit(stream: AddonStream): Promise<void> {
  const deadline = new AbortController();
  try {
    await Promise.race([stream.quit('ABORT'), delay(quitDeadlineMs, undefined, { signal: deadline.signal })]);
  } finally {
    deadline.abort();
  }
}
