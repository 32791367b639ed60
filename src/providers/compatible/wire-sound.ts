import { pcmOf, samplesOf } from '../../audio/samples/pcm16.js';
import { Resampler } from '../../audio/samples/resample.js';
import { isObject, type JsonObject } from '../../base/json.js';
import type { PartKey } from '../../contract/events.js';
import { SampleAlignment } from '../sample-alignment.js';
import { fromG711, g711RateHz, toWire } from './sample-format.js';
import type { Switches } from './switches.js';
import type { SampleFormat } from './wire-choices.js';

/** How sound is written on the wire. */
interface Encoding {
  readonly format: SampleFormat;
  readonly rateHz: number;
}

interface Encodings {
  readonly input: Encoding;
  readonly output: Encoding;
}

export const sides = ['input', 'output'] as const;
/** Direction, as the server sees it: `input` is what it hears. */
export type Side = (typeof sides)[number];

/** What a server says of its formats; it may say nothing. */
type Said = { readonly [Each in Side]: Encoding | undefined };

/** PCM16 without a rate means this one in the dialect. */
const usualRateHz = 24_000;
const lowestRateHz = 4000;
const highestRateHz = 192_000;

const words: Readonly<Record<string, SampleFormat>> = {
  pcm16: 'pcm16',
  g711_ulaw: 'pcmu',
  g711_alaw: 'pcma',
  'audio/pcm': 'pcm16',
  'audio/pcmu': 'pcmu',
  'audio/pcma': 'pcma',
};

/**
 * Sound of one connection, between our PCM16 and what the server really takes and sends. Formats are only asked for: a
 * server that refuses the settings goes on with its own, and G.711 read as PCM, or the reverse, is loud noise. So they
 * count as the server confirms them, and until then as we asked for them.
 */
export class WireSound {
  private readonly asked: Encodings;
  private current: Encodings;
  /** What the server had before it heard of our settings. */
  private own: Said = { input: undefined, output: undefined };
  private state: 'undeclared' | 'declared' | 'confirmed' = 'undeclared';
  private readonly refusedSides = new Set<Side>();
  private declaredBy: string | undefined;
  private readonly alignment = new SampleAlignment();
  private toServer: Resampler | undefined;
  private fromServer: Resampler | undefined;

  constructor({ sampleFormats, inputRateHz, outputRateHz }: Switches) {
    this.asked = {
      input: { format: sampleFormats.input, rateHz: inputRateHz },
      output: { format: sampleFormats.output, rateHz: outputRateHz },
    };
    this.current = this.asked;
  }

  /** An update of the settings goes out. Returns which formats it has to name. */
  declares(eventId: string | undefined): readonly Side[] {
    if (this.state !== 'undeclared') return [];
    this.state = 'declared';
    this.declaredBy = eventId;
    return sides.filter((side) => !this.refusedSides.has(side));
  }

  /** The server introduces its session. */
  created(session: JsonObject): void {
    this.own = this.said(session);
  }

  /** The server has taken the settings. What it does not mention is as we asked for it, unless that was refused. */
  updated(session: JsonObject): void {
    if (this.state !== 'declared') return;
    this.state = 'confirmed';
    const { input, output } = this.said(session);
    this.use({ input: input ?? this.unmentioned('input'), output: output ?? this.unmentioned('output') });
  }

  private unmentioned(side: Side): Encoding {
    return this.refusedSides.has(side) ? this.usual(side) : this.asked[side];
  }

  /** What the server has without our settings. */
  private usual(side: Side): Encoding {
    return this.own[side] ?? byDefault(this.asked[side]);
  }

  /**
   * An error came, perhaps about the settings. `formats`: it is about these formats, which are not asked for again; the
   * others are named once more by the next update.
   */
  refused(eventId: string | undefined, formats: readonly Side[]): void {
    if (this.state !== 'declared') return;
    if (eventId !== undefined && eventId !== this.declaredBy) return;
    for (const side of formats) this.refusedSides.add(side);
    this.state = 'undeclared';
    this.use({ input: this.usual('input'), output: this.usual('output') });
  }

  /** PCM16 at the profile's rate → bytes for the wire. */
  encode(pcm: Uint8Array): Uint8Array {
    const { format, rateHz } = this.current.input;
    if (rateHz === this.asked.input.rateHz) return toWire(pcm, format);
    this.toServer ??= new Resampler(this.asked.input.rateHz, rateHz);
    return toWire(pcmOf(this.toServer.process(samplesOf(pcm))), format);
  }

  /** Bytes of the wire → PCM16 at the profile's rate. */
  decode(part: PartKey, bytes: Buffer): Uint8Array {
    const { format, rateHz } = this.current.output;
    const pcm = format === 'pcm16' ? this.alignment.align(part, bytes) : fromG711(bytes, format);
    if (rateHz === this.asked.output.rateHz) return pcm;
    this.fromServer ??= new Resampler(rateHz, this.asked.output.rateHz);
    return pcmOf(this.fromServer.process(samplesOf(pcm)));
  }

  /** No more sound of this part. Returns what the conversion still holds. */
  endPart(part: PartKey): Uint8Array {
    this.alignment.endPart(part);
    const rest = this.fromServer?.flush();
    return rest === undefined ? new Uint8Array() : pcmOf(rest);
  }

  /** The response is over: parts that the server has not ended are over, too. */
  clear(): void {
    this.alignment.clear();
  }

  private use({ input, output }: Encodings): void {
    this.current = { input, output };
    this.toServer = undefined;
    this.fromServer = undefined;
  }

  private said(session: JsonObject): Said {
    const audio = isObject(session.audio) ? session.audio : {};
    const inner = (side: string): unknown => {
      const part = audio[side];
      return isObject(part) ? part.format : undefined;
    };
    return {
      input: this.read(inner('input') ?? session.input_audio_format, 'input'),
      output: this.read(inner('output') ?? session.output_audio_format, 'output'),
    };
  }

  private read(value: unknown, side: Side): Encoding | undefined {
    const { type, rate } = isObject(value) ? value : { type: value, rate: undefined };
    const format = typeof type === 'string' && Object.hasOwn(words, type) ? words[type] : undefined;
    if (format === undefined) return undefined;
    if (format !== 'pcm16') return { format, rateHz: g711RateHz };
    const known = typeof rate === 'number' && Number.isSafeInteger(rate);
    const rateHz = known && rate >= lowestRateHz && rate <= highestRateHz ? rate : undefined;
    const asked = this.asked[side];
    return { format, rateHz: rateHz ?? (asked.format === 'pcm16' ? asked.rateHz : usualRateHz) };
  }
}

/** What a server has that said nothing of its formats and did not take ours. */
function byDefault(asked: Encoding): Encoding {
  return asked.format === 'pcm16' ? asked : { format: 'pcm16', rateHz: usualRateHz };
}
