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

/** Turns the settings of an agent or the program into the settings that this session sends to the model. */
export class ModelSettings {
  /** What was asked for last. */
  private wanted: SessionSettings = {};

  constructor(
    private readonly circumstances: Circumstances,
    private readonly turns: TurnKeeper,
  ) {}

  /** The same settings as before, where the sound may have come or gone since. */
  again(): SessionSettings {
    return this.settings(this.wanted);
  }

  settings(wanted: SessionSettings): SessionSettings {
    this.wanted = wanted;
    const { profile, sound, tools } = this.circumstances;
    const silent = sound === null || sound.away === true;
    return {
      ...wanted,
      // Without sound output, a printed answer comes sooner and costs less.
      ...(silent && profile.mediaElsewhere !== true ? { modality: 'text' } : {}),
      ...(profile.tools ? { tools: wanted.tools ?? tools.specs } : {}),
      // If turns end on this side, the provider's turn detection must not interfere.
      ...(this.turns === 'provider' ? {} : { turnDetection: { type: 'none' } }),
    };
  }

  /** The same for the agent that a call has handed over to. */
  outcome(given: ToolOutcome): ToolOutcome {
    if (given.kind !== 'finished' || given.handoff === undefined) return given;
    const { handoff } = given;
    return { ...given, handoff: { ...handoff, settings: this.settings(handoff.settings) } };
  }
}
