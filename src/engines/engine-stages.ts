import { loadTurnDetector } from '../audio/turns/load-turn-detector.js';
import { builtInStages } from './built-in.js';
import type { Engines } from './core/engine-config.js';
import type { Ear, Mind, Stages, ThinkRequest, Thought, Voice } from './core/stages.js';
import { TranscriptionEar } from './hear/transcription-ear.js';
import { type AddressContext, engineAddress } from './http/engine-address.js';
import { EngineClient } from './http/engine-client.js';
import { speakableOnly } from './speak/speakable-text.js';
import { SpeechVoice } from './speak/speech-voice.js';
import { ChatMind } from './think/chat-mind.js';

export interface EngineContext extends AddressContext {
  /** Replaces the model of the thinking engine. */
  readonly model?: string | undefined;
  /** Replaces the voice of the speaking engine. */
  readonly voice?: string | undefined;
  /** Whether this is the voice of a client that did not choose one. */
  readonly isDefaultVoice: (name: string) => boolean;
}

/**
 * Replaces built-in stages with the configured engines, each independently. No request is sent to an engine yet.
 * @throws VoxtermError exit 3 when a key, or what detects the turns, is missing.
 */
export async function engineStages(
  engines: Engines,
  context: EngineContext,
): Promise<(voice: Voice) => Stages> {
  const { hear, think, speak } = engines;
  const client = (
    role: 'hear' | 'think' | 'speak',
    engine: NonNullable<Engines[typeof role]>,
  ): EngineClient => new EngineClient(engineAddress(role, engine, context));
  const ears = hear && { client: client('hear', hear), engine: hear };
  const minds = think && {
    client: client('think', think),
    engine: { ...think, model: context.model ?? think.model },
  };
  const voices = speak && {
    client: client('speak', speak),
    engine: { ...speak, voice: context.voice ?? speak.voice },
  };
  const detector = await loadTurnDetector(engines.turns);
  return (systemVoice) => {
    const builtIn = builtInStages(systemVoice);
    const ear = ears && new RememberingEar(new TranscriptionEar(ears.client, ears.engine));
    const mind = minds && new ChatMind(minds.client, minds.engine);
    return {
      detector,
      ear: ear ?? builtIn.ear,
      mind: withoutMissingWords(mind ?? builtIn.mind, builtIn.mind, ear),
      voice: speakableOnly(
        voices === undefined
          ? builtIn.voice
          : new SpeechVoice(voices.client, voices.engine, {
              defaultVoice: context.isDefaultVoice,
              env: context.env,
            }),
      ),
    };
  };
}

/** Remembers which messages could not be transcribed, and which contained no words. */
class RememberingEar implements Ear {
  private readonly wordless = new Map<string, 'failed' | 'no words'>();

  constructor(private readonly ear: Ear) {}

  async hear(...args: Parameters<Ear['hear']>): ReturnType<Ear['hear']> {
    const hearing = await this.ear.hear(...args);
    if (hearing.kind === 'unavailable') this.wordless.set(args[0].itemId, 'failed');
    else if (hearing.text === '') this.wordless.set(args[0].itemId, 'no words');
    return hearing;
  }

  /** Why this message has no words; undefined where it has, or was typed. */
  whyWordless(itemId: string): 'failed' | 'no words' | undefined {
    return this.wordless.get(itemId);
  }
}

/**
 * A model that is asked about missing words would invent some. Without a hearing engine the built-in mind says so;
 * noise is not answered; and where the engine failed, the answer fails too.
 */
function withoutMissingWords(mind: Mind, builtIn: Mind, ear: RememberingEar | undefined): Mind {
  return {
    think: (request, signal) => {
      const unheard = lastIfWordless(request);
      if (unheard === undefined) return mind.think(request, signal);
      if (ear === undefined) return builtIn.think(request, signal);
      return silent(ear.whyWordless(unheard) === 'failed');
    },
  };
}

/** Id of the message to answer, if it was spoken and has no words. */
function lastIfWordless({ items, idle }: ThinkRequest): string | undefined {
  const last = items.at(-1);
  if (idle || last?.kind !== 'message' || last.role !== 'user') return undefined;
  return last.spokenMs !== undefined && last.text === '' ? last.itemId : undefined;
}

async function* silent(failed: boolean): AsyncGenerator<Thought, void> {
  if (failed) throw new Error('There is no answer, because your words could not be understood.');
  yield { type: 'nothing heard' };
}
