import type { Profile } from '../../contract/profile.js';
import type { CatalogEntry } from '../../providers/catalog.js';
import { table } from '../../terminal/text/table.js';

/** A provider as `voxterm providers` shows it. */
export interface Entry {
  readonly catalog: CatalogEntry;
  /** The variable that holds its key, or that should; undefined if it needs no key. */
  readonly keyVariable: string | undefined;
  readonly keySet: boolean | null;
  readonly profile: Profile;
  readonly selected: boolean;
}

const legend = `* selected    turns: who notices that you have finished    cut: who cuts an
interrupted answer    tools: how many at once    more: --provider NAME, --json
`;

/** A table of all providers in 80 columns: first names and keys, then what they can do. */
export function providerTables(entries: readonly Entry[], color: boolean): string {
  const who = entries.map((entry) => [name(entry), entry.profile.model || '(--model)', key(entry)]);
  const what = entries.map((entry) => [name(entry), ...capabilities(entry.profile)]);
  const titles = entries.map(({ catalog: { id, title } }) => `${id}: ${title}\n`);
  return [
    table(['provider', 'model', 'key'], who, color),
    table(['provider', 'kHz', 'turns', 'cut', 'tools', 'images', 'typed', 'session', 'voices'], what, color),
    titles.join(''),
    legend,
  ].join('\n');
}

function name({ catalog: { id }, selected }: Entry): string {
  return selected ? `${id} *` : id;
}

function key({ keyVariable, keySet }: Entry): string {
  return keyVariable === undefined ? 'none needed' : `${keyVariable} (${keySet ? 'set' : 'not set'})`;
}

const cuts = { explicit: 'exact', server: 'server', none: 'no' } as const;

function capabilities(profile: Profile): string[] {
  const { inputRateHz, outputRateHz, turns, truncation, images, typedText, sessionLimitS, voices } = profile;
  return [
    `${inputRateHz / 1000} → ${outputRateHz / 1000}`,
    turns === 'none' ? 'voxterm' : turns,
    cuts[truncation],
    profile.tools ? (profile.parallelTools ? 'many' : 'one') : 'no',
    images === null ? 'no' : 'yes',
    typedText ? 'yes' : 'no',
    sessionLimitS === null ? '-' : `${Math.round(sessionLimitS / 60)} min`,
    voices.length === 0 ? '-' : String(voices.length),
  ];
}
