import { z } from 'zod';
import type { Place } from './geocoding.js';
import { request, type WeatherRequest } from './service.js';
import { conditionsOf } from './wmo-codes.js';

export type Units = 'metric' | 'imperial';

/** Null when the service has no value; undefined leaves it out of our JSON. */
const reading = z
  .number()
  .nullish()
  .transform((value) => value ?? undefined);
const readings = z.array(reading);

const answer = z.object({
  timezone: z.string(),
  current: z.object({
    time: z.string(),
    temperature_2m: z.number(),
    relative_humidity_2m: reading,
    apparent_temperature: reading,
    precipitation: reading,
    weather_code: reading,
    wind_speed_10m: reading,
  }),
  daily: z.object({
    time: z.array(z.string()),
    weather_code: readings,
    temperature_2m_max: readings,
    temperature_2m_min: readings,
    precipitation_probability_max: readings,
  }),
});

type Daily = z.infer<typeof answer>['daily'];

const unitNames = {
  metric: { temperature: '°C', wind: 'km/h', precipitation: 'mm' },
  imperial: { temperature: '°F', wind: 'mph', precipitation: 'inch' },
} as const;

/** The weather now and in the next days. Values that the service does not have are left out. */
export interface Forecast {
  readonly place: string;
  readonly timezone: string;
  readonly units: { readonly temperature: string; readonly wind: string; readonly precipitation: string };
  readonly now: Now;
  readonly days: readonly Day[];
}

interface Now {
  /** Local time, ISO 8601 without a zone. */
  readonly time: string;
  readonly temperature: number;
  readonly conditions?: string | undefined;
  readonly feelsLike?: number | undefined;
  readonly humidityPercent?: number | undefined;
  readonly wind?: number | undefined;
  readonly precipitation?: number | undefined;
}

export interface Day {
  /** ISO 8601. */
  readonly date: string;
  readonly weekday?: string | undefined;
  readonly conditions?: string | undefined;
  readonly high?: number | undefined;
  readonly low?: number | undefined;
  readonly rainChancePercent?: number | undefined;
}

/** @throws ToolError when the service fails. */
export async function forecastFor(
  place: Place,
  { units, days }: { readonly units: Units; readonly days: number },
  baseUrl: string,
  way: WeatherRequest,
): Promise<Forecast> {
  const { timezone, current, daily } = await request(forecastUrl(baseUrl, place, units, days), answer, way);
  return {
    place: place.title,
    timezone,
    units: unitNames[units],
    now: {
      time: current.time,
      temperature: current.temperature_2m,
      conditions: conditionsOf(current.weather_code),
      feelsLike: current.apparent_temperature,
      humidityPercent: current.relative_humidity_2m,
      wind: current.wind_speed_10m,
      precipitation: current.precipitation,
    },
    days: daily.time.slice(0, days).map((date, index) => dayOf(daily, date, index)),
  };
}

function forecastUrl(baseUrl: string, { latitude, longitude }: Place, units: Units, days: number): URL {
  const url = new URL(baseUrl);
  const imperial = units === 'imperial';
  const query = {
    latitude,
    longitude,
    current:
      'temperature_2m,relative_humidity_2m,apparent_temperature,precipitation,weather_code,wind_speed_10m',
    daily: 'weather_code,temperature_2m_max,temperature_2m_min,precipitation_probability_max',
    forecast_days: days,
    timezone: 'auto',
    temperature_unit: imperial ? 'fahrenheit' : 'celsius',
    wind_speed_unit: imperial ? 'mph' : 'kmh',
    precipitation_unit: imperial ? 'inch' : 'mm',
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  return url;
}

function dayOf(daily: Daily, date: string, index: number): Day {
  return {
    date,
    weekday: weekdayOf(date),
    conditions: conditionsOf(daily.weather_code[index]),
    high: daily.temperature_2m_max[index],
    low: daily.temperature_2m_min[index],
    rainChancePercent: daily.precipitation_probability_max[index],
  };
}

function weekdayOf(date: string): string | undefined {
  const day = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(day.getTime())) return undefined;
  return new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'UTC' }).format(day);
}
