import type { SessionSettings } from '../../contract/settings.js';
import { takesDelay, takesLanguages } from '../compatible/encode/session-object.js';
import { gaDialect } from '../compatible/switches.js';
import type { Note } from '../provider.js';
import { isRetiring } from './models.js';

const usualEar = gaDialect.transcriptionModel ?? '';

/** What will not work as asked with a model of OpenAI's, beyond what its profile says. */
export function openaiNotes(settings: SessionSettings, model: string): Note[] {
  const notes: Note[] = [];
  if (isRetiring(model)) {
    notes.push({
      code: 'model.retiring',
      message: `${model} is announced to be switched off on 20 January 2027.`,
      hint: 'Choose a newer one with --model.',
    });
  }
  if (settings.reasoningEffort === 'none') {
    notes.push({
      code: 'setting.adjusted',
      message: 'The reasoning of this model cannot be switched off; "minimal" is used instead.',
      hint: 'Set "reasoningEffort" to "minimal".',
    });
  }
  const { model: ear, prompt, keywords } = settings.transcription ?? {};
  if (ear === 'gpt-realtime-whisper' && (prompt !== undefined || (keywords?.length ?? 0) > 0)) {
    notes.push({
      code: 'setting.ignored',
      message: 'gpt-realtime-whisper takes no prompt and no keywords; they are not sent.',
      hint: 'Choose another transcription model, such as gpt-4o-mini-transcribe.',
    });
  }
  const { languages = [], delay } = settings.transcription ?? {};
  const writer = ear ?? usualEar;
  if (languages.length > 1 && !takesLanguages(writer)) {
    notes.push({
      code: 'setting.ignored',
      message: `${writer} expects one language; it is told ${settings.transcription?.language ?? languages[0]}.`,
      hint: 'Leave the languages out: then it finds out by itself.',
    });
  }
  if (delay !== undefined && !takesDelay(writer)) {
    notes.push({
      code: 'setting.ignored',
      message: `${writer} transcribes a turn when it is over; "delay" has no effect.`,
      hint: 'gpt-realtime-whisper writes while you speak.',
    });
  }
  return notes;
}
