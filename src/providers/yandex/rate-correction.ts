import { pcmOf, samplesOf } from '../../audio/samples/pcm16.js';
import { Resampler } from '../../audio/samples/resample.js';
import { isObject, type JsonObject } from '../../base/json.js';
import type { PartKey } from '../../contract/events.js';

/** The rate that was observed when the server returned none. */
const unspokenRateHz = 44_100;

/** Answers have a few parts; limits memory if a server never ends one. */
const mostParts = 64;

/**
 * Converts the audio of answers to the rate that was asked for. Some sessions deliver 44.1 kHz although another rate
 * was requested; the server then returns a format without a rate.
 */
export class RateCorrection {
  private rateHz: number;
  private readonly converters = new Map<string, Resampler>();

  /** `certain`: the user configured the real rate, so what the server returns is ignored. */
  constructor(
    private readonly askedHz: number,
    private readonly certain: boolean,
  ) {
    this.rateHz = askedHz;
  }

  /** The rate delivered by the server as far as it is known, in Hz. */
  get deliveredHz(): number {
    return this.rateHz;
  }

  /** Takes the session object that the server returned. */
  learn(session: unknown): void {
    if (this.certain) return;
    const format = field(field(field(session, 'audio'), 'output'), 'format');
    if (!isObject(format) || !('rate' in format)) return;
    const { rate } = format;
    if (rate === null) this.rateHz = unspokenRateHz;
    else if (isRate(rate)) this.rateHz = rate;
  }

  /** PCM16 at the requested rate. The resampler keeps a few samples until more audio comes. */
  convert(part: PartKey, audio: Uint8Array): Uint8Array {
    const name = partName(part);
    let converter = this.converters.get(name);
    // A part keeps the rate that it started with.
    if (converter === undefined && this.rateHz === this.askedHz) return audio;
    converter ??= new Resampler(this.rateHz, this.askedHz);
    this.converters.set(name, converter);
    const [oldest] = this.converters.keys();
    if (this.converters.size > mostParts && oldest !== undefined) this.converters.delete(oldest);
    return pcmOf(converter.process(samplesOf(audio)));
  }

  /** Ends a part. Returns the samples that the resampler still holds. */
  finish(part: PartKey): Uint8Array {
    const name = partName(part);
    const converter = this.converters.get(name);
    this.converters.delete(name);
    return converter === undefined ? new Uint8Array() : pcmOf(converter.flush());
  }

  /** Drops all parts: no more audio will come for them. */
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
