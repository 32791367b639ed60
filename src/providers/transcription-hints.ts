import type { SessionSettings } from '../contract/settings.js';

type Transcription = NonNullable<SessionSettings['transcription']>;
type Hint = keyof Transcription;

/** What was asked for the writing down of the user's words and is not among `known`, in the order in which it matters. */
export function unknownHints(
  transcription: Transcription | undefined,
  known: readonly Hint[],
): readonly Hint[] {
  const hints: readonly Hint[] = ['model', 'language', 'languages', 'prompt', 'keywords', 'delay'];
  return hints.filter((name) => {
    const value = transcription?.[name];
    const given = Array.isArray(value) ? value.length > 0 : value !== undefined;
    return given && !known.includes(name);
  });
}
