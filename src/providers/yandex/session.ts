import { deepMerge } from '../../base/deep-merge.js';
import { isObject, type JsonObject } from '../../base/json.js';
import type { SessionSettings } from '../../contract/settings.js';

/** Said aloud, because the defaults of the server are not documented. The numbers are those of its examples. */
const defaults: JsonObject = {
  output_modalities: ['audio'],
  audio: {
    input: { turn_detection: { type: 'server_vad', threshold: 0.5, silence_duration_ms: 400 } },
    output: { voice: 'dasha' },
  },
};

/** Recognition wants a region, too; where one language has several, the most spoken. */
const regions: ReadonlyMap<string, string> = new Map(
  'ru-RU en-US de-DE es-ES fi-FI fr-FR he-IL it-IT kk-KZ nl-NL pl-PL pt-BR sv-SE tr-TR uz-UZ'
    .split(' ')
    .map((tag) => [tag.slice(0, 2), tag]),
);

/** The first session object of a connection: what we want, on top of what has to be said. */
export function firstSession(session: JsonObject, settings: SessionSettings, language?: string): JsonObject {
  const { languages: several = [], language: one } = settings.transcription ?? {};
  const languages = spoken(several.length > 0 ? several : [language ?? one]);
  const ours = compact(
    deepMerge(session, languages === undefined ? {} : { audio: { input: { languages } } }),
  );
  // A stored prompt brings voice and turn detection along; ours would replace them.
  return settings.prompt === undefined ? deepMerge(defaults, ours) : ours;
}

function spoken(tags: readonly (string | undefined)[]): readonly string[] | undefined {
  const known = tags.flatMap((tag) => (tag === undefined ? [] : [regions.get(tag) ?? tag]));
  return known.length === 0 ? undefined : known;
}

/** Every session object: only what the server has words for. */
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

/** Variables count only when they are given as `name` and as `{{name}}`; one of them alone is an internal error. */
function doubled(prompt: JsonObject): JsonObject {
  const { variables } = prompt;
  if (!isObject(variables)) return prompt;
  const both = Object.entries(variables).flatMap(([name, value]) => [
    [name, value],
    [`{{${name}}}`, value],
  ]);
  return { ...prompt, variables: Object.fromEntries(both) };
}

/** Without fields that say nothing: laid over a default they would erase it. */
function compact(object: JsonObject): JsonObject {
  const said = Object.entries(object).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said.map(([key, value]) => [key, isObject(value) ? compact(value) : value]));
}
