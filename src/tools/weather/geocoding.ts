import { z } from 'zod';
import { ToolError } from '../definition/tool-error.js';
import { regionOf } from './region-codes.js';
import { request, type WeatherRequest } from './service.js';

const found = z.object({
  name: z.string(),
  latitude: z.number(),
  longitude: z.number(),
  country: z.string().optional(),
  country_code: z.string().optional(),
  admin1: z.string().optional(),
  admin2: z.string().optional(),
  admin3: z.string().optional(),
});
const answer = z.object({ results: z.array(found).optional() });

type Found = z.infer<typeof found>;

export interface Place {
  /** `Paris, Texas, United States` */
  readonly title: string;
  readonly latitude: number;
  readonly longitude: number;
}

/** The geocoder searches only by name: we match region and country ourselves. */
interface Query {
  readonly name: string;
  readonly regions: readonly string[];
}

/** Enough to include every Springfield. */
const mostResults = 50;

/**
 * Finds a place by its name, in any language, with or without region and country ("Paris, Texas").
 * @throws ToolError when there is none, with the places of the same name elsewhere.
 */
export async function findPlace(
  place: string,
  language: string,
  baseUrl: string,
  way: WeatherRequest,
): Promise<Place> {
  const elsewhere: Found[] = [];
  for (const { name, regions } of readings(place)) {
    const url = new URL(baseUrl);
    url.searchParams.set('name', name);
    url.searchParams.set('count', String(regions.length > 0 ? mostResults : 1));
    url.searchParams.set('language', language);
    url.searchParams.set('format', 'json');
    const { results = [] } = await request(url, answer, way);
    const match = results.find((result) => regions.every((region) => liesIn(result, region, language)));
    if (match !== undefined) return toPlace(match);
    elsewhere.push(...results);
  }
  throw unknownPlace(place, elsewhere);
}

/** "Paris, Texas" has one reading; "Paris Texas" may be a name of two words or a city and its region. */
function readings(place: string): Query[] {
  const [name = '', ...regions] = place
    .split(/[,，、]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const words = name.split(/\s+/);
  if (regions.length > 0 || words.length < 2) return [{ name, regions }];
  return [
    { name, regions },
    { name: words.slice(0, -1).join(' '), regions: words.slice(-1) },
  ];
}

function liesIn(result: Found, region: string, language: string): boolean {
  const wanted = [region, regionOf(region)].filter((name) => name !== undefined).map(plain);
  const { country, country_code: code, admin1, admin2, admin3 } = result;
  return [country, code, ...countryNames(code, language), admin1, admin2, admin3].some(
    (name) => name !== undefined && wanted.includes(plain(name)),
  );
}

/** The geocoder names the country in the language of the request; a model may use English all the same. */
function countryNames(code: string | undefined, language: string): (string | undefined)[] {
  if (code === undefined || !/^[A-Za-z]{2}$/.test(code)) return [];
  return ['en', language].map((wanted) =>
    new Intl.DisplayNames([wanted, 'en'], { type: 'region' }).of(code.toUpperCase()),
  );
}

/** Île-de-France and ile de france are the same region; U.S. and US are the same country. */
function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replaceAll('.', '')
    .replace(/[-\s]+/g, ' ')
    .trim()
    .toLowerCase();
}

function toPlace(result: Found): Place {
  return { title: titleOf(result), latitude: result.latitude, longitude: result.longitude };
}

function titleOf({ name, admin1, country }: Found): string {
  const parts = [name, admin1, country].filter((part) => part !== undefined && part !== '');
  return [...new Set(parts)].join(', ');
}

function unknownPlace(place: string, elsewhere: readonly Found[]): ToolError {
  const others = [...new Set(elsewhere.map(titleOf))].slice(0, 4);
  const offer =
    others.length > 0
      ? `Known places: ${others.join('; ')}.`
      : 'Try another spelling, or a larger town nearby.';
  return new ToolError('place.unknown', `There is no place known as "${place}". ${offer}`);
}
