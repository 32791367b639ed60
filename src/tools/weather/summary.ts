import type { Day, Weather } from './forecast.js';

/** The weather in a sentence or two, for minds that only read aloud. */
export function summaryOf({ place, units, now, days }: Omit<Weather, 'summary'>): string {
  const degrees = (value: number) => `${Math.round(value)} ${units.temperature}`;
  const sky = now.conditions === undefined ? '' : `, ${now.conditions}`;
  const sentences = [`In ${place} it is ${degrees(now.temperature)}${sky}.`];
  for (const [index, day] of days.entries()) {
    const said = dayIn(day, degrees);
    if (said !== undefined) sentences.push(`${index === 0 ? 'Today' : (day.weekday ?? day.date)}: ${said}.`);
  }
  return sentences.join(' ');
}

function dayIn(
  { conditions, high, low, rainChancePercent }: Day,
  degrees: (value: number) => string,
): string | undefined {
  const parts = [
    conditions,
    high === undefined ? undefined : `up to ${degrees(high)}`,
    low === undefined ? undefined : `down to ${degrees(low)}`,
    rainChancePercent === undefined ? undefined : `${rainChancePercent} % chance of rain`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(', ');
}
