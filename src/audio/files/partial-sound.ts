import { VoxtermError } from '../../contract/failure.js';
import { capital, quoted, reason } from './audio-failure.js';
import type { MonoChunk } from './pcm-frames.js';

/** Something the user should know while the work goes on. */
export interface AudioWarning {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export interface DecodedPart {
  readonly name: string;
  /** Length that the recording claims for itself, once its decoder knows. */
  readonly claimedMs?: (() => number | undefined) | undefined;
  /** What the decoder could not read, in a few words; asked for at the end. `complete`: the length is as claimed. */
  readonly damage?: ((complete: boolean) => string | undefined) | undefined;
  readonly onWarning?: ((warning: AudioWarning) => void) | undefined;
}

/** Decoders round lengths, and drop the silence that encoders add. */
const toleranceMs = 250;
const toleranceShare = 0.02;

/** Passes the sound on, and at its end warns if the decoder left something out. */
export async function* warnedIfPartial(
  chunks: AsyncGenerator<MonoChunk, void>,
  part: DecodedPart,
): AsyncGenerator<MonoChunk, void> {
  let decodedMs = 0;
  let broken: string | undefined;
  try {
    for await (const chunk of chunks) {
      if (chunk.samples.length === 0) continue;
      decodedMs += (chunk.samples.length * 1000) / chunk.rateHz;
      yield chunk;
    }
  } catch (error) {
    // Sound that was already handed on cannot be taken back. A source that cannot be read is another matter.
    if (decodedMs === 0 || !(error instanceof VoxtermError) || error.code !== 'audio.decode-failed')
      throw error;
    broken = error.cause === undefined ? 'the rest cannot be decoded' : reason(error.cause);
  }
  const claimedMs = part.claimedMs?.();
  const short = claimedMs !== undefined && claimedMs * (1 - toleranceShare) - toleranceMs > decodedMs;
  const damage = broken ?? part.damage?.(claimedMs !== undefined && !short);
  if (short || damage !== undefined)
    part.onWarning?.(partial(part.name, decodedMs, short ? claimedMs : undefined, damage));
}

function partial(
  name: string,
  decodedMs: number,
  claimedMs: number | undefined,
  damage: string | undefined,
): AudioWarning {
  const of = claimedMs === undefined ? '' : ` of ${seconds(claimedMs / 1000)}`;
  const why = damage === undefined ? '' : ` (${damage})`;
  return {
    code: 'audio.partial',
    message: `${capital(quoted(name))} could be decoded only in part${why}: ${seconds(decodedMs / 1000)}${of} were used.`,
    hint: 'It may be damaged or cut off. Copy or record it again if the rest matters.',
  };
}

/** Seconds for people. */
export function seconds(s: number): string {
  return `${s.toFixed(s < 10 ? 2 : 0)} s`;
}
