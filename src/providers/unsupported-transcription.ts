import type { SessionSettings } from '../contract/settings.js';

type Transcription = NonNullable<SessionSettings['transcription']>;
type Name = keyof Transcription;

/** The names of given transcription settings that are not `supported`, most important first. */
export function unsupportedTranscription(
  transcription: Transcription | undefined,
  supported: readonly Name[],
): readonly Name[] {
  const names: readonly Name[] = ['model', 'language', 'languages', 'prompt', 'keywords', 'delay'];
  return names.filter((name) => {
    const value = transcription?.[name];
    const given = Array.isArray(value) ? value.length > 0 : value !== undefined;
    return given && !supported.includes(name);
  });
}
