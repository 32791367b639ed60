import { z } from 'zod';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import { outgoingFetch } from '../../network/outgoing-fetch.js';
import type { ProxyEnvironment } from '../../network/proxy-address.js';
import { defineTool } from '../definition/define-tool.js';
import type { Tool } from '../definition/tool.js';
import { forecastFor } from './forecast.js';
import { findPlace } from './geocoding.js';
import { summaryOf } from './summary.js';

export interface WeatherOptions {
  /** Default: Open-Meteo's, which needs no key. */
  readonly geocodingUrl?: string | undefined;
  readonly forecastUrl?: string | undefined;
}

const openMeteo = {
  geocodingUrl: 'https://geocoding-api.open-meteo.com/v1/search',
  forecastUrl: 'https://api.open-meteo.com/v1/forecast',
} as const;

const parameters = z.object({
  place: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .describe('City, with region or country where the name is common: "Berlin", "Paris, Texas"'),
  units: z
    .enum(['metric', 'imperial'])
    .default('metric')
    .describe('metric: °C and km/h; imperial: °F and mph. Use what the user is used to.'),
  days: z.int().min(1).max(7).default(1).describe('Days of forecast; 1 is today'),
});

/**
 * `get_weather`: the weather now and the forecast, from Open-Meteo.
 * @param env names the proxy. @throws VoxtermError exit 3 when an address is not a URL.
 */
export function createWeatherTool(options: WeatherOptions = {}, env: ProxyEnvironment = process.env): Tool {
  const fetch = outgoingFetch(env);
  const geocodingUrl = address(options.geocodingUrl, openMeteo.geocodingUrl, 'VOXTERM_WEATHER_GEOCODING_URL');
  const forecastUrl = address(options.forecastUrl, openMeteo.forecastUrl, 'VOXTERM_WEATHER_FORECAST_URL');
  return defineTool({
    name: 'get_weather',
    description: 'Tells the current weather and the forecast for up to seven days, for any place on earth.',
    parameters,
    async execute({ place, units, days }, { signal, language }) {
      const way = { fetch, signal };
      const found = await findPlace(place, baseLanguage(language), geocodingUrl, way);
      const forecast = await forecastFor(found, { units, days }, forecastUrl, way);
      return { summary: summaryOf(forecast), ...forecast };
    },
  });
}

/** The geocoder takes `pt`, not `pt-BR`. */
function baseLanguage(tag: string | undefined): string {
  const [base = ''] = (tag ?? '').split(/[-_]/);
  return /^[A-Za-z]{2,3}$/.test(base) ? base.toLowerCase() : 'en';
}

function address(given: string | undefined, usual: string, variable: string): string {
  const url = given === undefined || given === '' ? usual : given;
  if (URL.canParse(url) && /^https?:/i.test(url)) return url;
  throw new VoxtermError(`The address of the weather service, "${url}", is not an http or https URL.`, {
    code: 'config.weather-url',
    exitCode: ExitCode.configuration,
    hint: `Correct ${variable} or the configuration's "weather", or leave it out: the default is ${usual}.`,
  });
}
