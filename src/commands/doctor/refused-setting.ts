import type { ModelEvent } from '../../conversation/events.js';
import { ExitCode } from '../../conversation/exit.js';
import type { Profile } from '../../conversation/profile.js';
import type { SessionSettings } from '../../conversation/settings.js';
import type { Finding } from './check.js';

type ErrorEvent = Extract<ModelEvent, { type: 'error' }>;

interface Suspect {
  /** What a server calls it. */
  readonly called: RegExp;
  readonly words: string;
  remedy(settings: SessionSettings, profile: Profile): string;
}

/** Most telling first: a transcription has a model, too, and tools hold every word there is. */
const suspects: readonly Suspect[] = [
  {
    called: /transcri/i,
    words: 'how your words are written down',
    remedy: () => 'Change "transcription" in the configuration, or leave it out.',
  },
  {
    called: /tool|function/i,
    words: 'the tools',
    remedy: ({ tools = [] }) =>
      tools.length > 0
        ? `Look at the parameters of ${tools.map(({ name }) => name).join(', ')}, or start without them (--tool).`
        : 'Remove "serverTools" and "toolChoice" from the configuration.',
  },
  {
    called: /turn.?detection|threshold|silence|eagerness|vad/i,
    words: 'the detection of turns',
    remedy: () => 'Change "turns" in the configuration, or leave it out.',
  },
  {
    called: /voice/i,
    words: 'the voice',
    remedy: (_settings, { voices }) =>
      voices.length > 0
        ? `Choose another with --voice: ${voices.slice(0, 8).join(', ')}.`
        : 'Choose another with --voice, or leave it out.',
  },
  {
    called: /model/i,
    words: 'the model',
    remedy: () => 'Choose another with --model.',
  },
  {
    called: /format|rate/i,
    words: 'the form of the sound',
    remedy: () => 'The model (--model) or the server (--url) is not one for this provider.',
  },
];

/** Names the setting a server did not accept. A conversation would go on without any of them. */
export function refusedSetting(
  { message, hint, param }: ErrorEvent,
  settings: SessionSettings,
  profile: Profile,
): Finding {
  const suspect =
    suspects.find(({ called }) => param !== undefined && called.test(param)) ??
    suspects.find(({ called }) => called.test(message));
  const where = param === undefined || message.includes(param) ? '' : ` (${param})`;
  return {
    status: 'failed',
    detail: `The server does not accept ${suspect?.words ?? 'the settings'}: ${message}${where}`,
    remedy:
      hint ??
      suspect?.remedy(settings, profile) ??
      'Leave settings out until it does; a compatible server is described by "compat" in the configuration.',
    exitCode: ExitCode.refused,
  };
}
