import { z } from 'zod';
import { defineTool } from './definition/define-tool.js';
import type { Tool } from './definition/tool.js';
import { ToolError } from './definition/tool-error.js';

export interface TimeOptions {
  /** The current time. Default: the system's clock. */
  readonly now?: (() => Date) | undefined;
}

/** `get_time`: the current time and date, here or in any IANA time zone. */
export function createTimeTool({ now = () => new Date() }: TimeOptions = {}): Tool {
  return defineTool({
    name: 'get_time',
    description: 'Tells the current time, weekday and date, here or in another time zone.',
    parameters: z.object({
      timezone: z
        .string()
        .max(60)
        .optional()
        .describe('IANA time zone such as Europe/Berlin, America/New_York or Asia/Tokyo; leave out for here'),
    }),
    execute({ timezone }, { language }) {
      return describe(now(), resolveZone(timezone), language);
    },
  });
}

/** Also accepts a city that a zone is named after ("Tokyo"). @throws ToolError when neither is known. */
function resolveZone(given: string | undefined): string {
  const wanted = given?.trim() ?? '';
  if (wanted === '') return Intl.DateTimeFormat().resolvedOptions().timeZone;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: wanted }).resolvedOptions().timeZone;
  } catch {
    const zone = zoneOfCity(wanted);
    if (zone !== undefined) return zone;
    throw new ToolError(
      'timezone.unknown',
      `There is no time zone named "${wanted}". Use an IANA name such as Europe/Berlin, America/New_York or Asia/Tokyo.`,
    );
  }
}

function zoneOfCity(wanted: string): string | undefined {
  const [city = ''] = wanted.split(',');
  const name = city.trim().replace(/\s+/g, '_').toLowerCase();
  return Intl.supportedValuesOf('timeZone').find((zone) => zone.toLowerCase().endsWith(`/${name}`));
}

function describe(moment: Date, timezone: string, language: string | undefined) {
  const offset = offsetOf(moment, timezone);
  return {
    timezone,
    time: `${localIso(moment, timezone)}${offset}`,
    weekday: formatter(language, { timeZone: timezone, weekday: 'long' }).format(moment),
    summary: formatter(language, { timeZone: timezone, dateStyle: 'full', timeStyle: 'short' }).format(
      moment,
    ),
  };
}

/** In the session's language, or English if the system does not know it. */
function formatter(language: string | undefined, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(language ?? 'en', options);
  } catch {
    return new Intl.DateTimeFormat('en', options);
  }
}

/** The Swedish format is ISO 8601. */
function localIso(moment: Date, timeZone: string): string {
  const written = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return written.format(moment).replace(' ', 'T');
}

/** `+02:00`, also for UTC itself, which `longOffset` writes as a bare `GMT`. */
function offsetOf(moment: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(moment);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  return name === 'GMT' ? '+00:00' : name.replace('GMT', '');
}
