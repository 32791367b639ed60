import type { Sound } from '../audio/sound.js';
import type { ToolOutcome } from '../contract/inputs.js';
import type { Profile } from '../contract/profile.js';
import type { SessionSettings } from '../contract/settings.js';
import type { TurnKeeper } from '../contract/turn-keeper.js';
import type { ToolRunner } from '../tools/definition/tool.js';

interface Circumstances {
  readonly profile: Profile;
  readonly sound: Sound | null;
  readonly tools: ToolRunner;
}

/** Makes what an agent or the program wants the model to be told into what it is told under these circumstances. */
export class ModelSettings {
  constructor(
    private readonly circumstances: Circumstances,
    private readonly turns: TurnKeeper,
  ) {}

  settings(wanted: SessionSettings): SessionSettings {
    const { profile, sound, tools } = this.circumstances;
    return {
      ...wanted,
      // Nobody would hear it: a printed answer comes sooner and costs less.
      ...(sound === null && profile.mediaElsewhere !== true ? { modality: 'text' } : {}),
      ...(profile.tools ? { tools: wanted.tools ?? tools.specs } : {}),
      // Whoever ends the turns on this side must not be interrupted by the provider's own idea of them.
      ...(this.turns === 'provider' ? {} : { turnDetection: { type: 'none' } }),
    };
  }

  /** The same for the agent to whom a call has handed over. */
  outcome(given: ToolOutcome): ToolOutcome {
    if (given.kind !== 'finished' || given.handoff === undefined) return given;
    const { handoff } = given;
    return { ...given, handoff: { ...handoff, settings: this.settings(handoff.settings) } };
  }
}
