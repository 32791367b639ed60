import { isObject } from '../../base/json.js';
import type { SessionSettings } from '../../contract/settings.js';
import type { ConnectionSettings, Note } from '../provider.js';
import { unsupportedTranscription } from '../unsupported-transcription.js';
import { offeredTools, searches } from './encode/declarations.js';
import { thinkingInstead } from './encode/thinking.js';
import { factsOf, type ModelFacts } from './models.js';

/** Settings that will not work as asked and that the profile alone does not reveal. */
export function notes(settings: SessionSettings, connection: ConnectionSettings): readonly Note[] {
  const { model } = connection;
  const facts = factsOf(model);
  return [
    settings.modality === 'text' &&
      ignored('Gemini cannot answer in text only; it always speaks.', 'What it says is also transcribed.'),
    settings.turnDetection?.type === 'semantic' &&
      settings.turnDetection.eagerness !== 'low' &&
      settings.turnDetection.eagerness !== 'high' &&
      ignored('Gemini has no semantic turn detection; it ends turns by silence.', undefined),
    settings.toolChoice === 'required' &&
      ignored('Gemini cannot be forced to call a tool; it decides by itself.', undefined),
    settings.serverTools?.some(({ type }) => type === 'web_search') === true &&
      !searches(settings, facts) &&
      ignored(
        `${model} cannot search the web and call tools in one session; it will not search.`,
        'Leave out the tools ("tools": []), or choose a 3.x model.',
      ),
    ...thinkingNotes(settings, facts, model),
    ...transcriptionNotes(settings, facts),
    ...toolNotes(settings, facts, model),
    settings.turnDetection?.type === 'server' &&
      settings.turnDetection.idleTimeoutMs !== undefined &&
      ignored('Gemini does not speak by itself after a silence: "idleTimeoutMs" has no effect.', undefined),
    typeof settings.contextTruncation === 'object' &&
      ignored('Gemini decides by itself how much of a long conversation it keeps.', undefined),
    isObject(settings.extra?.proactivity) &&
      connection.url === undefined &&
      ignored(
        'Only version v1alpha of the API accepts "proactivity"; the server will refuse it.',
        'docs/providers/gemini.md tells how to ask for v1alpha. The 3.8 models need no such setting.',
      ),
  ].filter((note) => note !== false);
}

function thinkingNotes({ reasoningEffort }: SessionSettings, facts: ModelFacts, model: string): Note[] {
  const instead = thinkingInstead(reasoningEffort, facts);
  return instead === undefined
    ? []
    : [ignored(`${model} has no reasoning effort "${reasoningEffort}"; it gets "${instead}".`, undefined)];
}

function transcriptionNotes({ transcription }: SessionSettings, facts: ModelFacts): Note[] {
  const without = unsupportedTranscription(
    transcription,
    facts.transcriptionHints ? ['language', 'languages', 'keywords'] : ['language'],
  );
  return without.length === 0
    ? []
    : [ignored(`Gemini's transcription of your speech ignores: ${without.join(', ')}.`, undefined)];
}

function toolNotes(settings: SessionSettings, { asyncTools }: ModelFacts, model: string): Note[] {
  const beside = offeredTools(settings).filter(({ blocking }) => blocking === false);
  if (asyncTools !== 'never' || beside.length === 0) return [];
  const names = beside.map(({ name }) => name).join(', ');
  return [
    ignored(
      `${model} waits for every tool; it will not continue talking while these run: ${names}.`,
      undefined,
    ),
  ];
}

function ignored(message: string, hint: string | undefined): Note {
  return { code: 'setting.ignored', message, hint };
}
