/** A filter for one stream of samples. */
export type Filter = (sample: number) => number;

/** A resonance: what a formant, a door or a key does to a noise. */
export function resonator(hz: number, bandwidthHz: number, rateHz: number): Filter {
  const radius = Math.exp((-Math.PI * bandwidthHz) / rateHz);
  const a1 = 2 * radius * Math.cos((2 * Math.PI * hz) / rateHz);
  const a2 = -radius * radius;
  // Unity gain at the resonance, roughly.
  const gain =
    (1 - radius) * Math.sqrt(1 - 2 * radius * Math.cos((4 * Math.PI * hz) / rateHz) + radius * radius);
  let y1 = 0;
  let y2 = 0;
  return (sample) => {
    const y = gain * sample + a1 * y1 + a2 * y2;
    y2 = y1;
    y1 = y;
    return y;
  };
}

/** First order. */
export function lowPass(hz: number, rateHz: number): Filter {
  const share = 1 - Math.exp((-2 * Math.PI * hz) / rateHz);
  let held = 0;
  return (sample) => {
    held += share * (sample - held);
    return held;
  };
}

/** First order. */
export function highPass(hz: number, rateHz: number): Filter {
  const low = lowPass(hz, rateHz);
  return (sample) => sample - low(sample);
}

/** White noise becomes pink: −3 dB per octave (Paul Kellet's filter). */
export function pinking(): Filter {
  let b0 = 0;
  let b1 = 0;
  let b2 = 0;
  return (white) => {
    b0 = 0.99765 * b0 + white * 0.099046;
    b1 = 0.963 * b1 + white * 0.2965164;
    b2 = 0.57 * b2 + white * 1.0526913;
    return 0.2 * (b0 + b1 + b2 + white * 0.1848);
  };
}
