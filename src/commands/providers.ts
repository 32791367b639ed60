import { keyStates } from '../config/keys.js';
import type { Io, Settings } from '../config/settings.js';
import { ExitCode } from '../conversation/exit.js';
import type { Profile } from '../conversation/profile.js';
import { catalog } from '../providers/catalog.js';
import { findProvider } from '../providers/registry.js';
import { table } from '../terminal/table.js';

/** Prints what each provider can do: one table, or one JSON document with the whole profiles. */
export async function providers(settings: Settings, io: Io): Promise<ExitCode> {
  const keys = keyStates(settings.env);
  const entries = await Promise.all(
    catalog.map(async ({ id, title, defaultModel, keyVariables }) => {
      const provider = await findProvider(id);
      const selected = id === settings.provider;
      const profile = selected
        ? provider.profile(settings.model, settings.options)
        : provider.profile(defaultModel);
      const keySet = keys.find((key) => key.id === id)?.set ?? null;
      return { id, title, defaultModel, keyVariables, keySet, profile };
    }),
  );
  if (settings.output.json) {
    io.stdout.write(`${JSON.stringify({ providers: entries, selected: settings.provider }, undefined, 2)}\n`);
    return ExitCode.ok;
  }
  const rows = entries.map(({ id, keyVariables, keySet, profile }) => [
    id === settings.provider ? `${id} *` : id,
    profile.model,
    key(keyVariables, keySet),
    ...capabilities(profile),
  ]);
  io.stdout.write(table(heading, rows, settings.output.color.stdout));
  io.stdout.write('\n');
  for (const { id, title } of entries) io.stdout.write(`${id}: ${title}\n`);
  io.stdout.write('* selected\n');
  return ExitCode.ok;
}

const heading = [
  'provider',
  'model',
  'key',
  'in',
  'out',
  'turns',
  'cut',
  'tools',
  'images',
  'session',
  'voices',
];

function capabilities(profile: Profile): string[] {
  const { inputRateHz, outputRateHz, turns, truncation, parallelTools, images, sessionLimitS, voices } =
    profile;
  return [
    kilohertz(inputRateHz),
    kilohertz(outputRateHz),
    turns,
    truncation,
    profile.tools ? (parallelTools ? 'parallel' : 'yes') : 'no',
    images ? 'yes' : 'no',
    sessionLimitS === null ? 'no limit' : `${Math.round(sessionLimitS / 60)} min`,
    voices.length > 4
      ? `${voices.slice(0, 4).join(', ')} and ${voices.length - 4} more`
      : voices.join(', ') || '-',
  ];
}

function kilohertz(rateHz: number): string {
  return `${rateHz / 1000} kHz`;
}

function key(variables: readonly string[], set: boolean | null): string {
  if (set === null) return 'none needed';
  return `${variables.join(' or ')} (${set ? 'set' : 'not set'})`;
}
