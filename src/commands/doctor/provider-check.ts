import { adviceOn } from '../../cli/advice.js';
import type { Settings } from '../../config/settings.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { Profile } from '../../contract/profile.js';
import type { SessionSettings, ToolSpec } from '../../contract/settings.js';
import { turnKeeper } from '../../contract/turn-keeper.js';
import type { ConnectionSettings, Note, Provider } from '../../providers/provider.js';
import { findProvider } from '../../providers/registry.js';
import { notesFor } from '../../session/start/session-notes.js';
import { createToolRunner } from '../../tools/tool-runner.js';
import { configuredTools } from '../session/configured-tools.js';
import type { Check, Finding } from './check.js';
import { FirstContact } from './first-contact.js';

export interface ProviderCheckOptions {
  readonly find?: typeof findProvider | undefined;
  /** Timeout for the handshake and for each of the server's first events. Default 10,000. */
  readonly patienceMs?: number | undefined;
}

/**
 * From the key to confirmed settings; each step is a check that needs the one before. Nothing is asked,
 * so it costs nothing.
 * @throws VoxtermError exit 2 for an unknown provider.
 */
export async function providerChecks(
  settings: Settings,
  { find = findProvider, patienceMs = 10_000 }: ProviderCheckOptions = {},
): Promise<Check[]> {
  const provider = await find(settings.provider);
  const { model, url, insecure, env, scenario, language, options, session } = settings;
  const connection = { model, url, insecure, env, scenario, language, voice: session.voice, options };
  const contact = new FirstContact(provider, connection, provider.profile(model, options), patienceMs);
  const steps: Step[] = [
    {
      id: 'key',
      exitCode: ExitCode.configuration,
      find: async () => keyFinding(provider, connection, contact),
    },
    { id: 'address', exitCode: ExitCode.configuration, find: () => contact.findAddress() },
    { id: 'handshake', exitCode: ExitCode.network, find: (signal) => contact.shakeHands(signal) },
    { id: 'greeting', exitCode: ExitCode.network, find: () => contact.greet() },
    {
      id: 'settings',
      exitCode: ExitCode.refused,
      find: async () => {
        const specs = await toolSpecs(settings);
        const asked = { ...session, ...(contact.profile.tools && { tools: specs }) };
        const notes = [
          ...notesFor({
            profile: contact.profile,
            settings: session,
            tools: specs,
            ownServer: url !== undefined,
          }),
          ...(provider.notes?.(asked, connection) ?? []),
        ];
        return noted(await contact.settle(asSent(asked, contact.profile)), notes);
      },
    },
  ];
  return chained(
    steps.filter(({ id }) => {
      // A provider that runs inside this program needs neither.
      if (id === 'key' || id === 'address') return provider.start === undefined;
      // A server that does not speak first sends nothing before it has received the settings.
      return id !== 'greeting' || contact.profile.speaksFirst === 'server';
    }),
    { provider: provider.id, timeoutMs: patienceMs + 5000, leave: () => contact.leave() },
  );
}

interface Step extends Pick<Check, 'exitCode' | 'find'> {
  readonly id: 'key' | 'address' | 'handshake' | 'greeting' | 'settings';
}

/** Leaves the session after the last step, or as soon as a step fails or reaches its deadline. */
function chained(
  steps: readonly Step[],
  { provider, timeoutMs, leave }: { provider: string; timeoutMs: number; leave: () => Promise<void> },
): Check[] {
  return steps.map(({ id, exitCode, find }, index) => {
    const before = steps[index - 1]?.id;
    return {
      id: `provider-${id}`,
      title: `${provider}: ${id}`,
      timeoutMs,
      exitCode,
      ...(before !== undefined && { needs: `provider-${before}` }),
      find: async (signal) => {
        signal.addEventListener('abort', () => void leave());
        let finding: Finding | undefined;
        try {
          finding = await find(signal);
          return finding;
        } finally {
          if (finding === undefined || finding.status === 'failed' || index === steps.length - 1)
            await leave();
        }
      },
    };
  });
}

function keyFinding(
  { keyVariables }: Provider,
  { env, url }: ConnectionSettings,
  contact: FirstContact,
): Finding {
  let headers: Readonly<Record<string, string>> | undefined;
  try {
    headers = contact.endpoint().headers;
  } catch (error) {
    // Everything else is about the URL, and reported by that check.
    if (error instanceof VoxtermError && error.code.startsWith('credentials.')) throw error;
  }
  const found = keyVariables.find((name) => env[name]);
  if (found !== undefined) return { status: 'ok', detail: `${found} is set` };
  const given = headers !== undefined && Object.keys(headers).length > 0;
  if (given) return { status: 'ok', detail: 'from the configuration or the environment' };
  const where = url === undefined ? '' : ', and a server of your own may do without';
  return { status: 'ok', detail: `${keyVariables.join(' and ')}: not set${where}` };
}

async function toolSpecs(settings: Settings): Promise<readonly ToolSpec[]> {
  const { tools, env, toolTimeoutMs, language } = settings;
  const loaded = await configuredTools(tools, settings);
  return createToolRunner(loaded, { timeoutMs: toolTimeoutMs, language, env }).specs;
}

/** The server is not told about turns that we end ourselves. */
function asSent(asked: SessionSettings, profile: Profile): SessionSettings {
  if (turnKeeper(profile, asked) === 'provider') return asked;
  return { ...asked, turnDetection: { type: 'none' } };
}

/** Settings can be accepted without being used: those known to have no effect are reported here, too. */
function noted(finding: Finding, notes: readonly Note[]): Finding {
  const [first] = notes;
  if (finding.status !== 'ok' || first === undefined) return finding;
  const detail = [`${finding.detail}.`, ...notes.map(({ message }) => message)].join(' ');
  return { status: 'warning', detail, remedy: adviceOn(first) };
}
