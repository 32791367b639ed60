const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
/** At this level and below the meter is empty. */
const floorDb = -54;
/** The level of loud speech close to a microphone: the meter is full. */
const ceilingDb = -6;

/** A bar of `cells` columns for a level from 0 to 1 (a share of full scale), on a decibel scale. */
export function meterBar(level: number, cells: number): string {
  const db = 20 * Math.log10(Math.max(level, 1e-6));
  const share = Math.min(1, Math.max(0, (db - floorDb) / (ceilingDb - floorDb)));
  const steps = Math.round(share * cells * 8);
  return ('█'.repeat(Math.floor(steps / 8)) + (eighths[steps % 8] ?? '')).padEnd(cells, '·');
}
