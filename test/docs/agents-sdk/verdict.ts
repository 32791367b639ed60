import type { SessionSettings } from '../../../src/contract/settings.js';
import { catalog } from '../../../src/providers/catalog.js';
import type { ConnectionSettings, Provider } from '../../../src/providers/provider.js';
import { findProvider } from '../../../src/providers/registry.js';
import { notesFor } from '../../../src/session/start/session-notes.js';
import { checkTurns } from '../../../src/session/start/start-checks.js';

export type Verdict = 'honoured' | 'ignored' | 'refused' | 'lost without a word';

/** Deployments are called as their owners like; this one as its model. */
const deployment = 'gpt-realtime-2.1';

export const providers: readonly { readonly provider: Provider; readonly connection: ConnectionSettings }[] =
  await Promise.all(
    catalog.map(async ({ id }) => {
      const provider = await findProvider(id);
      return { provider, connection: { model: provider.defaultModel || deployment, env: {} } };
    }),
  );

/** What becomes of these settings at a provider: from what its codec sends and what the user is told. */
export function verdictOf(
  { provider, connection }: (typeof providers)[number],
  asks: SessionSettings,
  besides: SessionSettings = {},
): Verdict {
  const all = { ...besides, ...asks };
  const profile = provider.profile(connection.model);
  try {
    checkTurns(profile, all);
  } catch {
    return 'refused';
  }
  const told = (settings: SessionSettings): readonly string[] =>
    [
      ...notesFor({ profile, settings, tools: settings.tools ?? [], ownServer: false }),
      ...(provider.notes?.(settings, connection) ?? []),
    ].map(({ message }) => message);
  // How turns are noticed is one thing: a server that does not do it ignores all of it.
  const before = told(asks.turnDetection === undefined ? besides : {});
  if (told(all).some((message) => !before.includes(message))) return 'ignored';
  const sent = (settings: SessionSettings): string =>
    provider.codec(connection).encode({ type: 'session.update', settings }).join('\n');
  return sent(all) === sent(besides) ? 'lost without a word' : 'honoured';
}

/** The first session object that OpenAI gets. */
export function sentToOpenai(settings: SessionSettings): unknown {
  const found = providers.find(({ provider }) => provider.id === 'openai');
  const [frame] = found?.provider.codec(found.connection).encode({ type: 'session.update', settings }) ?? [];
  return JSON.parse(String(frame)).session;
}
