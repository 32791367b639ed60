import type { Settings } from '../../config/settings.js';
import { ExitCode } from '../../conversation/exit.js';
import { findProvider } from '../../providers/registry.js';
import { connect, type Link } from '../../session/link.js';
import type { Check, Finding } from './check.js';

/** Connects, waits for the provider's greeting, and leaves. Nothing is asked, so nothing is paid for. */
export function providerCheck(settings: Settings, find: typeof findProvider = findProvider): Check {
  return {
    id: 'provider',
    title: `provider ${settings.provider}`,
    timeoutMs: 15_000,
    exitCode: ExitCode.network,
    find: async (signal) => {
      const provider = await find(settings.provider);
      const { model, url, insecure, env, scenario, language, options, session } = settings;
      const connection = { model, url, insecure, env, scenario, language, voice: session.voice, options };
      const running = await provider.start?.(connection);
      try {
        return await shakeHands({
          provider,
          connection,
          profile: provider.profile(model, options),
          endpoint: running?.endpoint ?? provider.endpoint(connection),
          signal,
        });
      } finally {
        await running?.stop();
      }
    },
  };
}

async function shakeHands(options: Parameters<typeof connect>[0]): Promise<Finding> {
  const begunMs = performance.now();
  const link = await connect(options);
  try {
    const greeted = greeting(link, options.connection.model, begunMs, options.signal);
    // Such a server says nothing before it knows what is wanted.
    if (options.profile.speaksFirst === 'client') link.send({ type: 'session.update', settings: {} });
    return await greeted;
  } finally {
    await link.close();
  }
}

function greeting(
  link: Link,
  what: string,
  begunMs: number,
  signal: AbortSignal | undefined,
): Promise<Finding> {
  return new Promise((resolve) => {
    signal?.addEventListener('abort', () => resolve({ status: 'failed', detail: `${what}: no greeting` }));
    link.onClosed = ({ ending }) => {
      const detail = ending.message ?? 'it closed the connection at once';
      resolve({ status: 'failed', detail, remedy: ending.hint, exitCode: ending.exitCode });
    };
    link.onEvent = (event) => {
      if (event.type === 'session.created' || event.type === 'session.updated') {
        resolve({ status: 'ok', detail: `${what}: ready in ${Math.round(performance.now() - begunMs)} ms` });
      } else if (event.type === 'error' && event.source === 'provider') {
        resolve({ status: 'failed', detail: event.message, exitCode: ExitCode.refused });
      }
    };
  });
}
