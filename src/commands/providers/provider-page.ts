import type { Profile } from '../../contract/profile.js';
import { styles } from '../../terminal/text/color.js';
import { wrapText } from '../../terminal/text/wrap.js';
import type { Entry } from './provider-table.js';

/** Width of the column of labels, including the space after it. */
const labelWidth = 16;

/** One provider's whole profile, in words. */
export function providerPage(entry: Entry, { env, columns, color }: PageOptions): string {
  const style = styles(color);
  const { id, title, options } = entry.catalog;
  const lines = [
    ['model', entry.profile.model || 'none by default: name one with --model'],
    ...keyLines(entry),
    ...variableLines(entry, env),
    ['own settings', options.map((option) => `providers.${id}.${option}`).join(', ')],
    ...profileLines(entry.profile),
  ] as const;
  const rows = lines
    .filter(([, text]) => text !== '')
    .flatMap(([label, text]) => {
      const [head = '', ...rest] = wrapText(text, Math.max(20, columns - labelWidth));
      const indent = ' '.repeat(labelWidth);
      return [style.bold(label) + indent.slice(label.length) + head, ...rest.map((row) => indent + row)];
    });
  return [...wrapText(`${id}: ${title}`, columns), '', ...rows, ''].join('\n');
}

export interface PageOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly columns: number;
  readonly color: boolean;
}

type Line = readonly [label: string, text: string];

function keyLines({ catalog: { keyVariables, keyHint }, keyVariable, keySet }: Entry): Line[] {
  if (keyVariable === undefined) return [['key', 'none needed']];
  const from = keyHint === undefined ? '' : `; keys come from ${keyHint}`;
  if (keySet) return [['key', `${keyVariable} is set`]];
  return [['key', `not set: ${keyVariables.join(' or ')}${from}`]];
}

function variableLines({ catalog: { variables = [] } }: Entry, env: PageOptions['env']): Line[] {
  if (variables.length === 0) return [];
  return [['also reads', variables.map((name) => `${name} (${env[name] ? 'set' : 'not set'})`).join(', ')]];
}

function profileLines(profile: Profile): Line[] {
  const { inputRateHz, outputRateHz, voices } = profile;
  return [
    ['sound', `hears ${inputRateHz / 1000} kHz, speaks ${outputRateHz / 1000} kHz`],
    ['turns', turns(profile)],
    ['interruption', interruption(profile)],
    ['your words', transcripts[profile.userTranscripts]],
    ['tools', tools(profile)],
    ['pictures', pictures(profile)],
    ['typed text', profile.typedText ? 'yes' : 'no: speak instead'],
    [
      'settings',
      `${changes[profile.settingsChange]}${voice(profile)}; honours ${profile.settings.join(', ')}`,
    ],
    ['lost line', lostLine(profile)],
    ['limits', limits(profile)],
    ['tokens', profile.usage === 'none' ? 'not told' : 'told'],
    [
      'voices',
      voices.length === 0 ? 'none that voxterm knows' : `${voices.join(', ')} (the first is the default)`,
    ],
  ];
}

function voice({ voiceChange }: Profile): string {
  return voiceChange === 'beforeAudio' ? ', the voice until it has spoken' : '';
}

function turns({ turns: by, clientTurns }: Profile): string {
  const ours = clientTurns ? '; voxterm can end them instead: --turns client, or none by your key' : '';
  switch (by) {
    case 'none':
      return `ended by voxterm${clientTurns ? ', or by your key: --turns none' : ''}`;
    case 'server':
      return `ended by the server${ours}`;
    case 'semantic':
      return `ended by the server, by what you say${ours}`;
    case 'model':
      return `ended by the model${ours}`;
  }
}

function interruption({ interruptsItself, truncation }: Profile): string {
  const who = interruptsItself
    ? 'the server falls silent when you speak'
    : 'voxterm stops the answer when you speak';
  const memory = {
    explicit: 'the model is told how much you heard',
    server: 'the server cuts what you did not hear',
    none: 'the model believes that you heard everything',
  }[truncation];
  return `${who}; ${memory}`;
}

const transcripts = {
  append: 'written down as you speak',
  replace: 'written down, and corrected as you speak',
  none: 'not written down',
} as const;

const changes = {
  anytime: 'may change while you talk',
  beforeAudio: 'may change until the first sound',
  never: 'are fixed when the session begins',
} as const;

function tools({ tools: own, parallelTools, serverTools }: Profile): string {
  const yours = own ? `yours, ${parallelTools ? 'several at once' : 'one at a time'}` : 'none of yours';
  return serverTools.length === 0 ? yours : `${yours}; its own: ${serverTools.join(', ')}`;
}

function pictures({ images }: Profile): string {
  if (images === null) return 'no';
  const { mimes, maxBytes, maxWidth, maxHeight, everyS, afterAudio } = images;
  return [
    mimes.map((mime) => mime.replace('image/', '')).join(', '),
    ...(maxWidth !== null && maxHeight !== null ? [`up to ${maxWidth} × ${maxHeight}`] : []),
    ...(maxBytes === null ? [] : [`up to ${Math.round(maxBytes / 1024)} KiB`]),
    ...(everyS > 0 ? [`one every ${everyS} s`] : []),
    ...(afterAudio ? ['only while you speak'] : []),
  ].join('; ');
}

function lostLine({ resume, replay, outlivesProgram }: Profile): string {
  const replayed = {
    items: 'a new connection is told the talk so far',
    user: 'a new connection is told your side of the talk',
    none: 'a new connection gets the talk so far as a note',
  }[replay];
  if (resume === 'none') return replayed;
  const kept = outlivesProgram ? ', also when you start voxterm again' : '';
  return `the conversation goes on where it was${kept}; failing that, ${replayed}`;
}

function limits({ sessionLimitS, idleLimitS }: Profile): string {
  const session =
    sessionLimitS === null
      ? 'no longest session known'
      : `${Math.round(sessionLimitS / 60)} minutes at a time`;
  const idle = idleLimitS === null ? 'no longest silence known' : `${idleLimitS} s of silence`;
  return `${session}, ${idle}`;
}
