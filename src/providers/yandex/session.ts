import { deepMerge } from '../../base/deep-merge.js';
import { isObject, type JsonObject } from '../../base/json.js';
import type { SessionSettings } from '../../contract/settings.js';

/** Sent because the server's defaults are not documented. The numbers are those of its examples. */
const defaults: JsonObject = {
  output_modalities: ['audio'],
  audio: {
    input: { turn_detection: { type: 'server_vad', threshold: 0.5, silence_duration_ms: 400 } },
    output: { voice: 'dasha' },
  },
};

/** Recognition needs a region; for languages with several, the one with the most speakers. */
const regions: ReadonlyMap<string, string> = new Map(
  'ru-RU en-US de-DE es-ES fi-FI fr-FR he-IL it-IT kk-KZ nl-NL pl-PL pt-BR sv-SE tr-TR uz-UZ'
    .split(' ')
    .map((tag) => [tag.slice(0, 2), tag]),
);

/** The first session object of a connection: our settings on top of the defaults. */
export function firstSession(session: JsonObject, settings: SessionSettings, language?: string): JsonObject {
  const { languages: several = [], language: one } = settings.transcription ?? {};
  const languages = spoken(several.length > 0 ? several : [language ?? one]);
  const ours = compact(
    deepMerge(session, languages === undefined ? {} : { audio: { input: { languages } } }),
  );
  // A stored prompt has its own voice and turn detection, which ours would replace.
  return settings.prompt === undefined ? deepMerge(defaults, ours) : ours;
}

function spoken(tags: readonly (string | undefined)[]): readonly string[] | undefined {
  const known = tags.flatMap((tag) => (tag === undefined ? [] : [regions.get(tag) ?? tag]));
  return known.length === 0 ? undefined : known;
}

/** For every session object: removes what the server does not support. */
export function reduced(session: JsonObject): JsonObject {
  const turns = turnDetection(session);
  const known = isObject(turns)
    ? deepMerge(session, {
        audio: { input: { turn_detection: { prefix_padding_ms: undefined, idle_timeout_ms: undefined } } },
      })
    : session;
  return isObject(known.prompt) ? { ...known, prompt: doubled(known.prompt) } : known;
}

function turnDetection({ audio }: JsonObject): unknown {
  const input = isObject(audio) ? audio.input : undefined;
  return isObject(input) ? input.turn_detection : undefined;
}

/** Variables work only if given as `name` and as `{{name}}`; one alone causes an internal error. */
function doubled(prompt: JsonObject): JsonObject {
  const { variables } = prompt;
  if (!isObject(variables)) return prompt;
  const both = Object.entries(variables).flatMap(([name, value]) => [
    [name, value],
    [`{{${name}}}`, value],
  ]);
  return { ...prompt, variables: Object.fromEntries(both) };
}

/** Removes undefined fields, which would erase a default when merged over it. */
function compact(object: JsonObject): JsonObject {
  const said = Object.entries(object).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said.map(([key, value]) => [key, isObject(value) ? compact(value) : value]));
}
