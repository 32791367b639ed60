import { toInt16 } from '../samples/pcm16.js';
import { Resampler } from '../samples/resample.js';

/** A piece of decoded sound. Compressed formats report their rate only with the sound, and may change it midway. */
export interface MonoChunk {
  /** −1 to 1. */
  readonly samples: Float32Array;
  readonly rateHz: number;
}

/** Length of the frames a provider gets. */
const frameMs = 20;

/**
 * Cuts decoded sound into frames: PCM16 little-endian mono at `rateHz`, 20 ms each, the last one padded with silence.
 * Frames do not share memory.
 */
export async function* pcmFrames(
  chunks: AsyncIterable<MonoChunk>,
  rateHz: number,
): AsyncGenerator<Uint8Array, void> {
  const cutter = new FrameCutter(Math.round((rateHz * frameMs) / 1000));
  for await (const samples of resampled(chunks, rateHz)) yield* cutter.cut(samples);
  yield* cutter.rest();
}

/** The same sound at one rate, which may not be the one that it has, or even have several. */
export async function* resampled(
  chunks: AsyncIterable<MonoChunk>,
  rateHz: number,
): AsyncGenerator<Float32Array, void> {
  let fromHz = rateHz;
  let resampler: Resampler | undefined;
  for await (const chunk of chunks) {
    if (chunk.rateHz !== fromHz) {
      if (resampler) yield resampler.flush();
      fromHz = chunk.rateHz;
      resampler = fromHz === rateHz ? undefined : new Resampler(fromHz, rateHz);
    }
    yield resampler ? resampler.process(chunk.samples) : chunk.samples;
  }
  if (resampler) yield resampler.flush();
}

class FrameCutter {
  private frame: DataView;
  private filled = 0;

  constructor(private readonly frameSamples: number) {
    this.frame = emptyFrame(frameSamples);
  }

  *cut(samples: Float32Array): Generator<Uint8Array, void> {
    for (const sample of samples) {
      this.frame.setInt16(this.filled * 2, toInt16(sample), true);
      this.filled += 1;
      if (this.filled === this.frameSamples) yield this.take();
    }
  }

  *rest(): Generator<Uint8Array, void> {
    if (this.filled > 0) yield this.take();
  }

  private take(): Uint8Array {
    const frame = new Uint8Array(this.frame.buffer);
    this.frame = emptyFrame(this.frameSamples);
    this.filled = 0;
    return frame;
  }
}

function emptyFrame(samples: number): DataView {
  return new DataView(new ArrayBuffer(samples * 2));
}
