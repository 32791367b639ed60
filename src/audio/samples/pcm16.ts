/** −1 to 1 → signed 16 bits, rounded and clipped. Samples that came from 16 bits come back unchanged. */
export function toInt16(sample: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768)));
}
