import { local, startServer } from '../providers/local/provider.js';
import type { Provider } from '../providers/provider.js';
import type { Clock } from '../simulator/core/clock.js';
import { checkScenario, loadScenario } from '../simulator/scenario/scenario-file.js';
import type { ScenarioInput } from '../simulator/scenario/scenario-schema.js';

export interface ScenarioProviderOptions {
  /** The clock for the delays of the scenario, for example a `FakeClock`. Default: real time. */
  readonly clock?: Clock | undefined;
}

/**
 * A provider that plays a scenario instead of listening and thinking: what was heard, which tools are called, what is
 * said, what goes wrong. Your tools, agents and guardrails really run. A scenario given as an object speaks in tones, the
 * same samples everywhere, unless it says otherwise; the path of a file is played as `--scenario` would play it.
 * docs/scenarios.md explains every key.
 * @throws VoxtermError exit 2 if the object is not a scenario. A file is read when the session starts.
 *
 * @example
 * ```ts
 * const provider = scenarioProvider({ turns: [{ tool: { name: 'read_invoice' }, said: 'It is {{tool.output}} euros.' }] });
 * await using session = await connect({ provider, tools: [readInvoice], sound: null });
 * ```
 */
export function scenarioProvider(
  scenario: ScenarioInput | string,
  options: ScenarioProviderOptions = {},
): Provider {
  const { clock } = options;
  const given = typeof scenario === 'string' ? undefined : checkScenario({ voice: 'tone', ...scenario });
  return {
    ...local,
    start: async (settings) =>
      startServer(settings, { clock, scenario: given ?? (await loadScenario(String(scenario))) }),
  };
}
