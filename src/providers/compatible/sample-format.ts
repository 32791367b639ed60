import { aLawToLinear, linearToALaw, linearToMuLaw, muLawToLinear } from '../../audio/samples/g711.js';
import type { SampleFormat } from './wire-choices.js';

export interface SampleFormats {
  readonly input: SampleFormat;
  readonly output: SampleFormat;
}

/** The formats a user may choose; PCM16 where nothing is said. */
interface FormatOptions {
  readonly inputFormat?: SampleFormat | undefined;
  readonly outputFormat?: SampleFormat | undefined;
}

interface Rates {
  readonly inputRateHz: number;
  readonly outputRateHz: number;
}

export const g711RateHz = 8000;

type G711Format = Exclude<SampleFormat, 'pcm16'>;

const g711 = {
  pcmu: { encode: linearToMuLaw, linear: muLawToLinear },
  pcma: { encode: linearToALaw, linear: aLawToLinear },
} as const satisfies Record<G711Format, unknown>;

export function sampleFormatsOf(options: FormatOptions | undefined): SampleFormats {
  const { inputFormat: input = 'pcm16', outputFormat: output = 'pcm16' } = options ?? {};
  return { input, output };
}

/** A profile or dialect with the sample rates that its formats need. */
export function atRatesOf<T extends Rates>({ input, output }: SampleFormats, rates: T): T {
  return {
    ...rates,
    inputRateHz: input === 'pcm16' ? rates.inputRateHz : g711RateHz,
    outputRateHz: output === 'pcm16' ? rates.outputRateHz : g711RateHz,
  };
}

/** PCM16 little-endian → bytes for the wire. */
export function toWire(pcm: Uint8Array, format: SampleFormat): Uint8Array {
  if (format === 'pcm16') return pcm;
  const { encode } = g711[format];
  const samples = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  return Uint8Array.from({ length: pcm.byteLength >> 1 }, (_, i) => encode(samples.getInt16(i * 2, true)));
}

/** G.711 from the wire → PCM16 little-endian. */
export function fromG711(bytes: Uint8Array, format: G711Format): Uint8Array {
  const table = g711[format].linear;
  const pcm = new DataView(new ArrayBuffer(bytes.length * 2));
  for (const [i, code] of bytes.entries()) pcm.setInt16(i * 2, table[code] ?? 0, true);
  return new Uint8Array(pcm.buffer);
}
