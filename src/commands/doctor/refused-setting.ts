import { adviceOn } from '../../cli/advice.js';
import type { ModelEvent } from '../../contract/events.js';
import { ExitCode } from '../../contract/exit.js';
import type { Profile } from '../../contract/profile.js';
import type { SessionSettings } from '../../contract/settings.js';
import type { Finding } from './check.js';

type ErrorEvent = Extract<ModelEvent, { type: 'error' }>;

interface Suspect {
  /** The names that servers use for it. */
  readonly called: RegExp;
  readonly words: string;
  remedy(settings: SessionSettings, profile: Profile): string;
}

/** Most specific first: a transcription has a model, too, and descriptions of tools may contain any word. */
const suspects: readonly Suspect[] = [
  {
    called: /transcri/i,
    words: 'how your words are to be written down',
    remedy: () => 'Change "transcription" in the configuration, or leave it out.',
  },
  {
    called: /tool|function/i,
    words: 'the tools',
    remedy: ({ tools = [] }) =>
      tools.length > 0
        ? `Look at the parameters of ${tools.map(({ name }) => name).join(', ')}, or choose others ("tools" in the configuration).`
        : 'Remove "serverTools" and "toolChoice" from the configuration.',
  },
  {
    called: /turn.?detection|threshold|silence|eagerness|vad/i,
    words: 'how turns are to be detected',
    remedy: () => 'Change "turns" in the configuration, or leave it out.',
  },
  {
    called: /voice/i,
    words: 'the voice',
    remedy: (_settings, { voices }) => chooseVoice(voices),
  },
  { called: /model/i, words: 'the model', remedy: () => 'Choose another with --model.' },
];

/**
 * We send the fields of the provider's dialect: a server that reports missing or unknown fields uses another dialect.
 */
const otherDialect =
  /(unknown|missing|unexpected|unrecogni[sz]ed).{0,20}(parameter|argument|field|property)/i;

/** Names the setting that a server did not accept. A conversation would go on without that setting. */
export function refusedSetting(error: ErrorEvent, settings: SessionSettings, profile: Profile): Finding {
  const { message, param } = error;
  const hint = adviceOn(error);
  const refused = { status: 'failed', exitCode: ExitCode.refused } as const;
  const where = param === undefined || message.includes(param) ? '' : ` (${param})`;
  if (otherDialect.test(message)) {
    const remedy =
      settings.extra !== undefined && Object.keys(settings.extra).length > 0
        ? 'Remove fields of your own from the configuration ("session"), or'
        : 'The server speaks another dialect:';
    return {
      ...refused,
      detail: `The server does not accept the settings: ${message}${where}`,
      remedy:
        hint ??
        `${remedy} choose the provider it belongs to (--provider), or say in "compat" of the configuration how it differs.`,
    };
  }
  const suspect =
    suspects.find(({ called }) => param !== undefined && called.test(param)) ??
    suspects.find(({ called }) => called.test(message));
  return {
    ...refused,
    detail: `The server does not accept ${suspect?.words ?? 'the settings'}: ${message}${where}`,
    remedy:
      hint ??
      suspect?.remedy(settings, profile) ??
      'Leave out settings of your own, and check that address and provider belong together (--url, --provider).',
  };
}

function chooseVoice(voices: readonly string[]): string {
  if (voices.length === 0) return 'Choose another with --voice, or leave it out.';
  return `Choose another with --voice, for example ${voices.slice(0, 6).join(', ')}.`;
}
