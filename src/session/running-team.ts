import type { Agent } from '../agents/agent.js';
import type { Team } from '../agents/team.js';
import type { Input } from '../contract/inputs.js';
import type { SessionEventBody } from '../contract/session-events.js';
import { GuardrailWatch, type GuardrailWatchHost, type GuardrailWatchOptions } from './guardrail-watch.js';
import type { ModelSettings } from './model-settings.js';
import { isUserActivity } from './user-activity.js';

export interface RunningTeamHost extends Pick<GuardrailWatchHost, 'warn'> {
  feed(input: Input): void;
  emit(event: SessionEventBody): void;
  /** Resolves when the session is ready, which is its first event. */
  readonly ready: Promise<void>;
}

/** The agents of a running session: their settings of the model, and their output guardrails. */
export class RunningTeam {
  private readonly guardrails: GuardrailWatch;
  private closed = false;

  constructor(
    private readonly team: Team,
    options: GuardrailWatchOptions,
    private readonly modelSettings: ModelSettings,
    private readonly host: RunningTeamHost,
  ) {
    this.guardrails = new GuardrailWatch(team, options, host);
    team.onChanged = ({ settings }) => this.change(settings);
    team.onServer = (event) => {
      void host.ready.then(() => {
        if (!this.closed) host.emit({ type: 'mcp.server', ...event, tools: [...event.tools] });
      });
    };
  }

  heard(event: SessionEventBody): void {
    if (isUserActivity(event)) this.team.userSpoke();
    this.guardrails.heard(event);
  }

  /** @throws VoxtermError if the agent is invalid; the current one stays. */
  async updateAgent(agent: Agent): Promise<void> {
    const { settings, agent: to, from } = await this.team.switchTo(agent);
    this.change(settings, from === to ? undefined : { from, to });
  }

  /** Stops waiting for verdicts. The team itself can still be started again. */
  close(): void {
    this.closed = true;
    this.guardrails.close();
  }

  private change(
    settings: Parameters<ModelSettings['settings']>[0],
    agent?: { readonly from: string; readonly to: string },
  ): void {
    this.host.feed({ type: 'settings.changed', settings: this.modelSettings.settings(settings), agent });
  }
}
