import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ImageRules, Profile } from '../../src/contract/profile.js';
import { type CatalogEntry, catalog } from '../../src/providers/catalog.js';
import { findProvider } from '../../src/providers/registry.js';

const page = new URL('../../docs/providers/README.md', import.meta.url);

/** One row of the table: what it is called, and what a profile says about it. */
const rows: readonly (readonly [string, (profile: Profile, entry: CatalogEntry) => string])[] = [
  ['model by default', ({ model }) => (model === '' ? 'the name of your deployment' : `\`${model}\``)],
  ['key', (_, { keyVariables }) => keyVariables.map((name) => `\`${name}\``).join(' or ') || 'none'],
  ['microphone', ({ inputRateHz }) => `${inputRateHz / 1000} kHz`],
  ['answers', ({ outputRateHz }) => `${outputRateHz / 1000} kHz`],
  ['detects the end of your turn', ({ turns }) => (turns === 'none' ? 'no: voxterm does' : turns)],
  ['`--turns client`, tap to talk', ({ clientTurns }) => yes(clientTurns)],
  ['stops by itself when you speak', ({ interruptsItself }) => yes(interruptsItself)],
  ['is told what you heard', ({ truncation }) => truncations[truncation]],
  ['tools', ({ tools, parallelTools }) => (tools ? (parallelTools ? 'several at once' : 'yes') : 'no')],
  ['tools it runs itself', ({ serverTools }) => serverTools.map((name) => `\`${name}\``).join(' ') || 'no'],
  ['typed messages', ({ typedText }) => yes(typedText)],
  ['pictures', ({ images }) => (images === null ? 'no' : pictures(images))],
  ['transcribes your words', ({ userTranscripts }) => (userTranscripts === 'none' ? 'no' : 'yes')],
  ['settings can change', ({ settingsChange }) => changes[settingsChange]],
  ['ignores', ({ settings }) => ignored(settings)],
  ['after a lost connection', ({ resume, replay }) => (resume === 'none' ? replays[replay] : 'resumes')],
  ['longest session', ({ sessionLimitS }) => minutes(sessionLimitS)],
  ['longest silence', ({ idleLimitS }) => minutes(idleLimitS)],
  ['tokens', ({ usage }) => (usage === 'none' ? 'not reported' : 'reported')],
];

const truncations = { explicit: 'yes', server: 'uses its own clock', none: 'no' } as const;
const changes = { anytime: 'any time', beforeAudio: 'before the first audio', never: 'never' } as const;
const replays = {
  items: 'gets every message again',
  user: 'gets your messages again',
  none: 'gets the conversation as a note',
} as const;

/** What a user may ask for; not all of it is honoured everywhere. */
const askable: readonly Profile['settings'][number][] = [
  'voice',
  'modality',
  'toolChoice',
  'transcription',
  'noiseReduction',
  'speed',
  'maxOutputTokens',
  'reasoningEffort',
  'temperature',
  'prompt',
  'tracing',
  'contextTruncation',
];

function ignored(honoured: Profile['settings']): string {
  return (
    askable
      .filter((name) => !honoured.includes(name))
      .map((name) => `\`${name}\``)
      .join(' ') || 'nothing'
  );
}

function yes(value: boolean): string {
  return value ? 'yes' : 'no';
}

function minutes(seconds: number | null): string {
  if (seconds === null) return 'none documented';
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

function pictures({ mimes, maxBytes, everyS }: ImageRules): string {
  const kinds = mimes.map((mime) => mime.replace('image/', '').toUpperCase()).join(', ');
  const size = maxBytes === null ? '' : `, up to ${Math.round(maxBytes / 1000)} kB`;
  return `${kinds}${size}${everyS > 0 ? `, one in ${everyS} s` : ''}`;
}

async function written(): Promise<string> {
  const entries = await Promise.all(
    catalog.map(async (entry) => ({
      entry,
      profile: (await findProvider(entry.id)).profile(entry.defaultModel),
    })),
  );
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    '# What can each provider do?',
    '',
    'Choose one with `--provider`, or `"provider"` in the [configuration](../configuration.md). `voxterm providers` prints',
    'the same for the models you have chosen, and `voxterm doctor --provider ID` says whether key, address and model work.',
    '',
    ...entries.map(({ entry: { id, title } }) => `- **[${id}](${pageOf(id)})**: ${title}`),
    '- **[compatible servers](compatible.md)**: with `--provider openai --url`',
    '',
    'The tables are generated from the profiles that the program uses, for the default models; other models can differ.',
    '',
    ...[
      entries.slice(0, Math.ceil(entries.length / 2)),
      entries.slice(Math.ceil(entries.length / 2)),
    ].flatMap((some) => [
      line(['', ...some.map(({ entry }) => `**${entry.id}**`)]),
      line(['---', ...some.map(() => '---')]),
      ...rows.map(([name, say]) => line([name, ...some.map(({ entry, profile }) => say(profile, entry))])),
      '',
    ]),
    'If a provider ignores a setting, voxterm says so before the first word. voxterm makes up for missing features where it',
    'can: it detects [turns](../talk.md) itself, gives a new connection the conversation so far, and makes pictures smaller.',
    '',
  ].join('\n');
}

function pageOf(id: string): string {
  return id === 'local' ? '../local.md' : `${id}.md`;
}

describe('docs/providers/README.md', () => {
  // `npx vitest run test/docs -u` writes it again.
  it('says what the profiles say', async () => {
    await expect(await written()).toMatchFileSnapshot(page.pathname);
  });

  it.each(catalog.map(({ id }) => id))('links to a page about %s', (id) => {
    expect(existsSync(new URL(pageOf(id), page))).toBe(true);
  });
});
