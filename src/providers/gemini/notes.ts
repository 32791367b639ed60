import { isObject } from '../../base/json.js';
import type { SessionSettings } from '../../contract/settings.js';
import type { ConnectionSettings, Note } from '../provider.js';
import { unsupportedTranscription } from '../unsupported-transcription.js';
import { offeredTools, searches } from './encode/declarations.js';
import { thinkingInstead } from './encode/thinking.js';
import { factsOf, type ModelFacts } from './models.js';

/** What will not work as asked, beyond what the profile says by itself. */
export function notes(settings: SessionSettings, connection: ConnectionSettings): readonly Note[] {
  const { model } = connection;
  const facts = factsOf(model);
  return [
    settings.modality === 'text' && ignored('Gemini always speaks.', 'What it says is also written down.'),
    settings.turnDetection?.type === 'semantic' &&
      settings.turnDetection.eagerness !== 'low' &&
      settings.turnDetection.eagerness !== 'high' &&
      ignored('Gemini does not follow the meaning of what is said; it ends turns by silence.', undefined),
    settings.toolChoice === 'required' &&
      ignored('Gemini cannot be made to call a tool; it decides by itself.', undefined),
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
      ignored('Gemini does not speak up after a silence (idleTimeoutMs).', undefined),
    typeof settings.contextTruncation === 'object' &&
      ignored('Gemini decides itself how much of a long talk it keeps.', undefined),
    isObject(settings.extra?.proactivity) &&
      connection.url === undefined &&
      ignored(
        'Only the version v1alpha of the API knows "proactivity"; the server is going to refuse it.',
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
    : [
        ignored(
          `Gemini writes down your words itself and takes no ${without.join(', no ')} for it.`,
          undefined,
        ),
      ];
}

function toolNotes(settings: SessionSettings, { asyncTools }: ModelFacts, model: string): Note[] {
  const beside = offeredTools(settings).filter(({ blocking }) => blocking === false);
  if (asyncTools !== 'never' || beside.length === 0) return [];
  const names = beside.map(({ name }) => name).join(', ');
  return [
    ignored(`${model} waits for every tool; it will not go on talking while these run: ${names}.`, undefined),
  ];
}

function ignored(message: string, hint: string | undefined): Note {
  return { code: 'setting.ignored', message, hint };
}
