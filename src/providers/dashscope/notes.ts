import type { SessionSettings } from '../../contract/settings.js';
import type { ConnectionSettings, Note } from '../provider.js';
import { unsupportedTranscription } from '../unsupported-transcription.js';
import { familyOf } from './families.js';
import { silenceRangeMs } from './session.js';

/** Settings that will not work as asked and that the profile alone does not reveal. */
export function notes(settings: SessionSettings, { model }: ConnectionSettings): readonly Note[] {
  const family = familyOf(model);
  const { turnDetection, transcription } = settings;
  const found: Note[] = [];
  const searches = settings.serverTools?.some(({ type }) => type === 'web_search') ?? false;
  if (searches && family.search && settings.tools !== undefined && settings.tools.length > 0) {
    found.push({
      code: 'tools.unavailable',
      message: `${model} cannot search the web and call tools in one session; it will not call ${names(settings)}.`,
      hint: 'Leave web_search out to use the tools.',
    });
  }
  if (turnDetection?.type === 'semantic' && family.semanticTurns === null) {
    found.push(ignored(`${model} has no semantic turn detection; it ends turns by silence.`));
  } else if (turnDetection?.type === 'semantic' && turnDetection.eagerness !== undefined) {
    found.push(ignored(`${model} has no setting for how eagerly it ends turns.`));
  }
  if (turnDetection?.type === 'server') {
    const { silenceMs, idleTimeoutMs } = turnDetection;
    const { least, most } = silenceRangeMs;
    if (silenceMs !== undefined && (silenceMs < least || silenceMs > most)) {
      const used = silenceMs < least ? least : most;
      found.push(
        ignored(
          `${model} supports ${least} to ${most} ms of silence as the end of a turn; ${used} ms is used.`,
        ),
      );
    }
    if (idleTimeoutMs !== undefined && !family.idleTimeout) {
      found.push(
        ignored(`${model} does not speak by itself after a silence: "idleTimeoutMs" has no effect.`),
      );
    }
  }
  const unsupported = unsupportedTranscription(transcription, ['language']);
  if (unsupported.length > 0) {
    found.push(
      ignored(
        `DashScope's transcription cannot be configured; these have no effect: ${unsupported.join(', ')}.`,
      ),
    );
  }
  if (transcription?.language !== undefined) {
    found.push({
      code: 'setting.ignored',
      message: 'DashScope detects the language you speak; it cannot be set.',
      hint: 'Say in the instructions in which language to answer.',
      facts: { options: ['instructions'] },
    });
  }
  const byHand = turnDetection?.type === 'none' || turnDetection?.type === 'client';
  if (byHand && transcription !== undefined && !family.transcribesManualTurns) {
    found.push({
      code: 'transcript.unavailable',
      message: `${model} does not transcribe your speech while you end turns yourself.`,
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
