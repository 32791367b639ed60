import type { Day, Forecast } from './forecast.js';

/** The weather in one or two English sentences, for models that read a result aloud as it is. */
export function summaryOf({ place, units, now, days }: Forecast): string {
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
