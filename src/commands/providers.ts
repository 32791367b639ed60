import { keyStates } from '../config/keys.js';
import type { Io, Settings } from '../config/settings.js';
import { ExitCode } from '../contract/exit.js';
import { catalog } from '../providers/catalog.js';
import { findProvider } from '../providers/registry.js';
import { providerPage } from './providers/provider-page.js';
import { type Entry, providerTables } from './providers/provider-table.js';

/** Prints what each provider can do, or with `--provider` everything about one; with `--json` the whole profiles. */
export async function providers(settings: Settings, io: Io): Promise<ExitCode> {
  const one = settings.providerSource === 'flag';
  const entries = await Promise.all(
    catalog.filter(({ id }) => !one || id === settings.provider).map((entry) => entryOf(entry, settings)),
  );
  const { json, color } = settings.output;
  const [first] = entries;
  if (json) {
    const all = entries.map(({ catalog: { id, title, defaultModel, keyVariables }, keySet, profile }) => {
      return { id, title, defaultModel, keyVariables, keySet, profile };
    });
    io.stdout.write(`${JSON.stringify({ providers: all, selected: settings.provider }, undefined, 2)}\n`);
  } else if (one && first !== undefined) {
    const columns = Math.min(io.stdout.columns ?? 80, 120);
    io.stdout.write(providerPage(first, { env: settings.env, columns, color: color.stdout }));
  } else {
    io.stdout.write(providerTables(entries, color.stdout));
  }
  return ExitCode.ok;
}

async function entryOf(entry: Entry['catalog'], settings: Settings): Promise<Entry> {
  const { id, defaultModel } = entry;
  const provider = await findProvider(id);
  const selected = id === settings.provider;
  const state = keyStates(settings.env).find((key) => key.id === id);
  return {
    catalog: entry,
    keyVariable: state?.variable,
    keySet: state?.set ?? null,
    profile: selected ? provider.profile(settings.model, settings.options) : provider.profile(defaultModel),
    selected,
  };
}
