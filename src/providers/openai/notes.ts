import type { SessionSettings } from '../../contract/settings.js';
import { takesDelay, takesLanguages } from '../compatible/encode/session-object.js';
import { gaDialect } from '../compatible/switches.js';
import type { Note } from '../provider.js';
import { isRetiring } from './models.js';

const defaultTranscriptionModel = gaDialect.transcriptionModel ?? '';

/** Settings that will not work as asked with an OpenAI model and that its profile alone does not reveal. */
export function openaiNotes(settings: SessionSettings, model: string): Note[] {
  const notes: Note[] = [];
  if (isRetiring(model)) {
    notes.push({
      code: 'model.retiring',
      message: `OpenAI will switch off ${model} on 20 January 2027.`,
      hint: 'Choose a newer one.',
      facts: { model, options: ['model'] },
    });
  }
  if (settings.reasoningEffort === 'none') {
    notes.push({
      code: 'setting.adjusted',
      message: 'This model cannot switch reasoning off; "minimal" is used instead of "none".',
      hint: 'Set "reasoningEffort" to "minimal".',
    });
  }
  const { model: transcriptionModel, prompt, keywords } = settings.transcription ?? {};
  if (
    transcriptionModel === 'gpt-realtime-whisper' &&
    (prompt !== undefined || (keywords?.length ?? 0) > 0)
  ) {
    notes.push({
      code: 'setting.ignored',
      message: 'gpt-realtime-whisper does not support prompt and keywords; they are not sent.',
      hint: 'Choose another transcription model, such as gpt-4o-mini-transcribe.',
    });
  }
  const { languages = [], delay } = settings.transcription ?? {};
  const used = transcriptionModel ?? defaultTranscriptionModel;
  if (languages.length > 1 && !takesLanguages(used)) {
    notes.push({
      code: 'setting.ignored',
      message: `${used} supports one language; ${settings.transcription?.language ?? languages[0]} is used.`,
      hint: 'Leave "languages" out to let the model detect the language.',
    });
  }
  if (delay !== undefined && !takesDelay(used)) {
    notes.push({
      code: 'setting.ignored',
      message: `${used} transcribes a turn when it is over; "delay" has no effect.`,
      hint: 'gpt-realtime-whisper transcribes while you speak.',
    });
  }
  return notes;
}
