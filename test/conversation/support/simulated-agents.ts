import type { Input, ToolOutcome } from '../../../src/contract/inputs.js';
import type { SessionSettings } from '../../../src/contract/settings.js';
import type { Random } from './random.js';

/**
 * Two agents who hand the conversation to each other by chance, and whose tool asks for permission or gives up by
 * chance.
 */
export class SimulatedAgents {
  private current = 'A';

  constructor(private readonly random: Random) {}

  settings(agent: string): SessionSettings {
    const tool = { name: 'weather', description: 'Tells the weather.', parameters: {} };
    return {
      transcription: {},
      instructions: `You are ${agent}.`,
      voice: agent === 'A' ? 'ada' : 'bob',
      tools: [
        { ...tool, mayAsk: this.random.chance(0.5), cancelOnInterrupt: this.random.chance(0.5) },
        // Now and then the tools of somebody else come and go.
        ...(this.random.chance(0.5) ? [{ ...tool, name: 'news' }] : []),
      ],
    };
  }

  /** How a call ends. */
  outcome(durationMs: number): ToolOutcome {
    const luck = this.random.next();
    const finished = { kind: 'finished', output: 'sunny', durationMs } as const;
    if (luck < 0.25) return { ...finished, handoff: this.handoff() };
    if (luck < 0.4) return { ...finished, quiet: true };
    if (luck > 0.9) return { kind: 'failed', code: 'x', message: 'x', output: 'x', durationMs };
    return finished;
  }

  /** By order of the program: another agent, or other tools of the same one. */
  otherSettings(): Input {
    if (this.random.chance(0.5)) return { type: 'settings.changed', settings: this.settings(this.current) };
    const { settings, ...agent } = this.handoff();
    return { type: 'settings.changed', settings, agent };
  }

  private handoff() {
    const from = this.current;
    this.current = from === 'A' ? 'B' : 'A';
    return { from, to: this.current, settings: this.settings(this.current) };
  }
}
