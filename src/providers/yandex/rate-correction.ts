import { pcmOf, samplesOf } from '../../audio/samples/pcm16.js';
import { Resampler } from '../../audio/samples/resample.js';
import { isObject, type JsonObject } from '../../base/json.js';
import type { PartKey } from '../../contract/events.js';

/** What has come where the server echoed no rate. */
const unspokenRateHz = 44_100;

/** Answers hold a handful of parts; a server that never ends one must not fill the memory. */
const mostParts = 64;

/**
 * The sound of the answers at the rate that was asked for, whatever rate the server delivers: some sessions get 44.1 kHz
 * although they asked for another, and say so by an echo without a rate.
 */
export class RateCorrection {
  private rateHz: number;
  private readonly converters = new Map<string, Resampler>();

  /** `certain`: somebody has listened; no echo knows better. */
  constructor(
    private readonly askedHz: number,
    private readonly certain: boolean,
  ) {
    this.rateHz = askedHz;
  }

  /** In Hz, as far as is known. */
  get deliveredHz(): number {
    return this.rateHz;
  }

  /** The session as the server has it. */
  learn(session: unknown): void {
    if (this.certain) return;
    const format = field(field(field(session, 'audio'), 'output'), 'format');
    if (!isObject(format) || !('rate' in format)) return;
    const { rate } = format;
    if (rate === null) this.rateHz = unspokenRateHz;
    else if (isRate(rate)) this.rateHz = rate;
  }

  /** PCM16 at the asked rate. A little of it stays behind until more comes. */
  convert(part: PartKey, audio: Uint8Array): Uint8Array {
    const name = partName(part);
    let converter = this.converters.get(name);
    // A part keeps the rate it began with.
    if (converter === undefined && this.rateHz === this.askedHz) return audio;
    converter ??= new Resampler(this.rateHz, this.askedHz);
    this.converters.set(name, converter);
    const [oldest] = this.converters.keys();
    if (this.converters.size > mostParts && oldest !== undefined) this.converters.delete(oldest);
    return pcmOf(converter.process(samplesOf(audio)));
  }

  /** What had stayed behind of a part that is over. */
  finish(part: PartKey): Uint8Array {
    const name = partName(part);
    const converter = this.converters.get(name);
    this.converters.delete(name);
    return converter === undefined ? new Uint8Array() : pcmOf(converter.flush());
  }

  /** Nothing more will come of any part. */
  forget(): void {
    this.converters.clear();
  }
}

function field(value: unknown, key: string): unknown {
  const object: JsonObject = isObject(value) ? value : {};
  return object[key];
}

function isRate(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 8000 && value <= 48_000;
}

function partName({ itemId, contentIndex }: PartKey): string {
  return `${contentIndex} ${itemId}`;
}
