import { EnergyVad } from '../../audio/turns/energy-vad.js';
import type {
  Ear,
  Faults,
  Hearing,
  Mind,
  Stages,
  ThinkRequest,
  Thought,
  Voice,
} from '../../engines/core/stages.js';
import { toneVoice } from '../../engines/speak/tones.js';
import { type Clock, sleep } from '../core/clock.js';
import type { NewId } from '../core/ids.js';
import type { Scenario, ScenarioStep, ScenarioTurn } from './scenario-schema.js';
import { fill, fillJson, type TemplateValues } from './template.js';

/** A step being played, and the values that its texts may use. */
interface Cue {
  readonly step: ScenarioStep;
  readonly values: TemplateValues;
}

interface Call {
  readonly cue: Cue;
  /** All calls of the step, in order. */
  readonly callIds: readonly string[];
}

/** Replaces hearing, thinking and, with `"voice": "tone"`, speaking by a script. One script per session. */
export function scenarioStages(scenario: Scenario, voice: Voice, newId: NewId, clock: Clock): Stages {
  const script = new ScenarioScript(scenario, newId, clock);
  const tone = scenario.tone;
  const spoken: Voice = {
    speak: (sentence, options) => {
      const toneHz = options.toneHz ?? tone;
      const speaker = scenario.voice === 'tone' || toneHz !== undefined ? toneVoice : voice;
      return speaker.speak(sentence, { ...options, toneHz });
    },
  };
  return {
    detector: (settings) => new EnergyVad(settings),
    ear: script.ear,
    mind: script.mind,
    voice: spoken,
  };
}

/**
 * Turns without `when` are taken in order, one per turn of the user; a turn with `when` is taken whenever its pattern
 * matches what was typed or heard. A tool result continues the step that called.
 */
class ScenarioScript {
  private readonly ordered: readonly ScenarioTurn[];
  private readonly rules: readonly ScenarioTurn[];
  private next = 0;
  /** The turn that was assigned to an utterance when it was heard. */
  private readonly heardTurns = new Map<string, ScenarioTurn | undefined>();
  private readonly answered = new Set<string>();
  /** The step chosen for a response, kept from its faults to its thoughts. */
  private readonly cues = new Map<string, Cue>();
  private readonly calls = new Map<string, Call>();

  constructor(
    private readonly scenario: Scenario,
    private readonly newId: NewId,
    private readonly clock: Clock,
  ) {
    this.ordered = scenario.turns.filter(({ when }) => when === undefined);
    this.rules = scenario.turns.filter(({ when }) => when !== undefined);
  }

  readonly ear: Ear = {
    hear: async ({ itemId }) => {
      const turn = this.nextTurn();
      this.heardTurns.set(itemId, turn);
      return hearingOf(turn);
    },
  };

  readonly mind: Mind = {
    faults: (request) => this.faultsFor(request),
    think: (request, signal) => this.play(request, signal),
  };

  private faultsFor(request: ThinkRequest): Faults | undefined {
    const cue = this.cueFor(request);
    this.cues.set(request.responseId, cue);
    return cue.step.faults;
  }

  private async *play(request: ThinkRequest, signal: AbortSignal): AsyncGenerator<Thought, void> {
    const cue = this.cues.get(request.responseId) ?? this.cueFor(request);
    this.cues.delete(request.responseId);
    const { step, values } = cue;
    await sleep(this.clock, step.delayMs ?? 0, signal);
    const calls = step.tools ?? (step.tool === undefined ? [] : [step.tool]);
    const said = calls.length > 0 ? [step.say] : [step.say, step.said];
    const text = said.filter((part) => part !== undefined).join(' ');
    if (text !== '') {
      yield { type: 'say', text: fill(text, values), pace: paceOf(step), toneHz: step.tone };
    }
    const callIds = calls.map(() => this.newId('call'));
    for (const [index, { name, arguments: args }] of calls.entries()) {
      const callId = callIds[index] ?? this.newId('call');
      this.calls.set(callId, { cue, callIds });
      const filled = typeof args === 'string' ? fill(args, values) : JSON.stringify(fillJson(args, values));
      yield { type: 'call', callId, name, arguments: filled };
    }
  }

  private cueFor(request: ThinkRequest): Cue {
    const last = request.items.at(-1);
    const call = last?.kind === 'output' ? this.calls.get(last.callId) : undefined;
    if (call !== undefined) return afterCall(call, request);
    const message = request.items.findLast((item) => item.kind === 'message' && item.role === 'user');
    if (message?.kind !== 'message' || this.answered.has(message.itemId)) return this.cueOf(this.nextTurn());
    this.answered.add(message.itemId);
    if (!this.heardTurns.has(message.itemId)) {
      return this.matching(message.text) ?? this.cueOf(this.nextTurn());
    }
    const turn = this.heardTurns.get(message.itemId);
    if (turn !== undefined && hasReply(turn)) return this.cueOf(turn);
    return this.matching(turn?.heard ?? message.text) ?? this.cueOf(undefined);
  }

  private matching(text: string): Cue | undefined {
    for (const step of this.rules) {
      const match = step.when === undefined ? null : text.match(new RegExp(step.when, 'iu'));
      if (match !== null) return { step, values: { outputs: [], match } };
    }
    return undefined;
  }

  /** Undefined: the script has no turn for this. */
  private cueOf(turn: ScenarioTurn | undefined): Cue {
    const step = turn ?? this.scenario.otherwise ?? { said: 'The scenario has no further turn.' };
    return { step, values: { outputs: [], match: [] } };
  }

  private nextTurn(): ScenarioTurn | undefined {
    if (this.scenario.repeat && this.next >= this.ordered.length) this.next = 0;
    const turn = this.ordered[this.next];
    this.next += 1;
    return turn;
  }
}

/** What a step says when the results of all its calls have arrived. */
function afterCall({ cue, callIds }: Call, { items }: ThinkRequest): Cue {
  const outputs = callIds.map((callId) => {
    const output = items.findLast((item) => item.kind === 'output' && item.callId === callId);
    return output?.kind === 'output' ? output.output : '';
  });
  const { afterTool, said, pace, tone } = cue.step;
  return {
    step: { pace, tone, ...(afterTool ?? { said }) },
    values: { outputs, match: cue.values.match },
  };
}

function hearingOf(turn: ScenarioTurn | undefined): Hearing {
  const { failTranscript, lateTranscriptMs } = turn?.faults ?? {};
  if (failTranscript !== undefined) return { kind: 'unavailable', message: failTranscript };
  if (turn?.heard === undefined) {
    return { kind: 'unavailable', message: 'The scenario does not say what was heard in this turn.' };
  }
  return { kind: 'words', text: turn.heard, lateMs: lateTranscriptMs };
}

function hasReply({ say, said, tool, tools, faults }: ScenarioTurn): boolean {
  return [say, said, tool, tools, faults].some((part) => part !== undefined);
}

/** Multiple of real time; undefined where the script does not say. */
export function paceOf(from: { readonly pace?: ScenarioStep['pace'] } | undefined): number | undefined {
  return from?.pace === 'fast' ? Number.POSITIVE_INFINITY : from?.pace;
}
