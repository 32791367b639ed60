import type { SessionSettings } from '../../contract/settings.js';
import type { ConnectionSettings, Note } from '../provider.js';
import { unsupportedTranscription } from '../unsupported-transcription.js';
import { familyOf } from './families.js';
import { silenceRangeMs } from './session.js';

/** What will not work as asked, beyond what the profile says. */
export function notes(settings: SessionSettings, { model }: ConnectionSettings): readonly Note[] {
  const family = familyOf(model);
  const { turnDetection, transcription } = settings;
  const found: Note[] = [];
  const searches = settings.serverTools?.some(({ type }) => type === 'web_search') ?? false;
  if (searches && family.search && settings.tools !== undefined && settings.tools.length > 0) {
    found.push({
      code: 'tools.unavailable',
      message: `${model} either searches the web or calls tools: while it searches, it does not know ${names(settings)}.`,
      hint: 'Leave web_search out to use the tools.',
    });
  }
  if (turnDetection?.type === 'semantic' && family.semanticTurns === null) {
    found.push(ignored(`${model} does not follow the meaning of what is said; it ends turns by silence.`));
  } else if (turnDetection?.type === 'semantic' && turnDetection.eagerness !== undefined) {
    found.push(ignored(`${model} cannot be told how eagerly to end turns.`));
  }
  if (turnDetection?.type === 'server') {
    const { silenceMs, idleTimeoutMs } = turnDetection;
    const { least, most } = silenceRangeMs;
    if (silenceMs !== undefined && (silenceMs < least || silenceMs > most)) {
      const used = silenceMs < least ? least : most;
      found.push(
        ignored(
          `${model} takes ${least} to ${most} ms of silence as the end of a turn; ${used} ms are used.`,
        ),
      );
    }
    if (idleTimeoutMs !== undefined && !family.idleTimeout) {
      found.push(ignored(`${model} does not speak up by itself after a silence (idleTimeoutMs).`));
    }
  }
  const hints = unsupportedTranscription(transcription, ['language']);
  if (hints.length > 0) {
    found.push(
      ignored(`DashScope has one model that writes down what you say; it takes no ${hints.join(', no ')}.`),
    );
  }
  if (transcription?.language !== undefined) {
    found.push({
      code: 'setting.ignored',
      message: 'DashScope finds out by itself which language you speak; it cannot be told.',
      hint: 'The language of the answers belongs into the instructions (--instructions).',
    });
  }
  const byHand = turnDetection?.type === 'none' || turnDetection?.type === 'client';
  if (byHand && transcription !== undefined && !family.transcribesManualTurns) {
    found.push({
      code: 'transcript.unavailable',
      message: `${model} does not write down what you say while you end the turns yourself.`,
      hint: 'Hands-free talk brings the transcript back (turns: server).',
    });
  }
  return found;
}

function names({ tools = [] }: SessionSettings): string {
  return tools.map(({ name }) => name).join(', ');
}

function ignored(message: string): Note {
  return { code: 'setting.ignored', message };
}
