import { loadTurnDetector } from '../audio/turns/load-turn-detector.js';
import {
  type EngineRole,
  type Engines,
  type HearEngine,
  type SpeakEngine,
  settingOf,
  type ThinkEngine,
} from './core/engine-config.js';
import type { ThinkRequest } from './core/stages.js';
import { TranscriptionEar } from './hear/transcription-ear.js';
import { type AddressContext, type EngineAddress, engineAddress } from './http/engine-address.js';
import { EngineClient } from './http/engine-client.js';
import { SpeechVoice } from './speak/speech-voice.js';
import { ChatMind } from './think/chat-mind.js';

/** The result of a probe. */
export interface ProbeFinding {
  readonly status: 'ok' | 'warning';
  readonly detail: string;
  readonly remedy?: string | undefined;
}

interface ProbeContext extends AddressContext {
  /** Replaces the model of the thinking engine. */
  readonly model?: string | undefined;
}

/**
 * One cheap request to a configured engine: a moment of silence, one token, one short word.
 * @throws VoxtermError with words and a hint when it does not work.
 */
export async function probe(
  part: keyof Engines,
  engines: Engines,
  context: ProbeContext,
  signal: AbortSignal,
): Promise<ProbeFinding> {
  const { hear, think, speak, turns } = engines;
  switch (part) {
    case 'turns':
      return detect(turns ?? { type: 'energy' });
    case 'hear':
      return hear === undefined ? builtIn : listen(clientFor('hear', hear, context), hear, signal);
    case 'think':
      if (think === undefined) return builtIn;
      return complete(
        clientFor('think', think, context),
        context.model === undefined ? think : { ...think, model: context.model },
        signal,
      );
    case 'speak':
      return speak === undefined
        ? builtIn
        : pronounce(clientFor('speak', speak, context), speak, { signal, env: context.env });
  }
}

const builtIn: ProbeFinding = { status: 'ok', detail: 'built in' };

function clientFor(
  role: EngineRole,
  engine: NonNullable<Engines[EngineRole]>,
  context: AddressContext,
): EngineClient {
  return new EngineClient(engineAddress(role, engine, context));
}

async function detect(turns: NonNullable<Engines['turns']>): Promise<ProbeFinding> {
  const rateHz = 24_000;
  const detector = (await loadTurnDetector(turns))({ rateHz });
  const begunMs = performance.now();
  detector.push(new Int16Array(rateHz));
  const cost = (performance.now() - begunMs).toFixed(1);
  return { status: 'ok', detail: `${turns.type}: ready, ${cost} ms of work per second of sound` };
}

const silenceMs = 300;

async function listen(client: EngineClient, engine: HearEngine, signal: AbortSignal): Promise<ProbeFinding> {
  const known = await knownModels(client, signal);
  const begunMs = performance.now();
  const rateHz = 16_000;
  const text = await new TranscriptionEar(client, engine).transcribe(
    { samples: new Int16Array((rateHz * silenceMs) / 1000), rateHz, language: undefined },
    signal,
  );
  const took = `${nameOf(client, engine.model)}: understood ${silenceMs / 1000} s of silence in ${since(begunMs)}`;
  if (text === '') return modelFinding(client.address, engine.model, known, took);
  // Recognisers make up words for silence. That is harmless: only turns with speech are sent.
  return modelFinding(client.address, engine.model, known, `${took} (as “${text.slice(0, 40)}”)`);
}

/** The smallest question of a conversation. */
const question: ThinkRequest = {
  responseId: 'probe',
  instructions: 'Answer in one word.',
  items: [{ kind: 'message', itemId: 'probe', role: 'user', text: 'Say yes.' }],
  tools: [
    {
      type: 'function',
      name: 'get_time',
      description: 'Tells the time.',
      parameters: { type: 'object', properties: {} },
    },
  ],
  language: undefined,
  idle: false,
};

/** Sends the request that a conversation sends, so that the two agree, and leaves at the first token. */
async function complete(
  client: EngineClient,
  engine: ThinkEngine,
  signal: AbortSignal,
): Promise<ProbeFinding> {
  const known = await knownModels(client, signal);
  const begunMs = performance.now();
  const notes = await new ChatMind(client, engine).tryOut(question, signal);
  const first = `${nameOf(client, engine.model)}: first token in ${since(begunMs)}`;
  if (notes.some(({ code }) => code === 'tools_unavailable')) {
    return {
      status: 'warning',
      detail: `${first}, but it takes no tools`,
      remedy: `Choose a model that takes tools in ${settingOf(client.address, 'model')}.`,
    };
  }
  const took = `${first}, takes tools`;
  const [refused] = notes;
  if (refused !== undefined) return { status: 'warning', detail: took, remedy: refused.message };
  return modelFinding(client.address, engine.model, known, took);
}

async function pronounce(
  client: EngineClient,
  engine: SpeakEngine,
  { signal, env }: { readonly signal: AbortSignal } & Pick<ProbeContext, 'env'>,
): Promise<ProbeFinding> {
  const known = await knownModels(client, signal);
  const begunMs = performance.now();
  const voice = new SpeechVoice(client, engine, { defaultVoice: () => true, env });
  const { rateHz, samples, packed } = await voice.pronounce('Ready.', { voice: 'default', speed: 1 }, signal);
  let firstMs: number | undefined;
  let count = 0;
  for await (const piece of samples) {
    firstMs ??= performance.now() - begunMs;
    count += piece.length;
  }
  const first = firstMs === undefined ? since(begunMs) : inMs(firstMs);
  const spoken = `${(count / rateHz).toFixed(1)} s of sound at ${rateHz / 1000} kHz`;
  const took = `${nameOf(client, engine.voice ?? engine.model)}: first sound in ${first}, ${spoken}`;
  if (packed !== undefined) {
    return {
      status: 'warning',
      detail: `${took}, sent as ${packed}`,
      remedy: `It works, but decoding takes time before each sentence. If the engine can send WAV or PCM, choose that in ${settingOf(client.address, 'format')}.`,
    };
  }
  return modelFinding(client.address, engine.model, known, took);
}

/** Names of the models; undefined where the engine does not list them. */
async function knownModels(client: EngineClient, signal: AbortSignal): Promise<string[] | undefined> {
  try {
    const { data } = await (await client.ask({ path: '/models' }, signal)).object();
    if (!Array.isArray(data)) return undefined;
    return data.flatMap((model: unknown) =>
      typeof model === 'object' && model !== null && 'id' in model && typeof model.id === 'string'
        ? [model.id]
        : [],
    );
  } catch (error) {
    // whisper.cpp and others have no list. The actual request reports other problems.
    if (signal.aborted) throw error;
    return undefined;
  }
}

const mostNames = 6;

function modelFinding(
  address: EngineAddress,
  model: string | undefined,
  known: readonly string[] | undefined,
  detail: string,
): ProbeFinding {
  if (known === undefined || known.length === 0 || model === undefined) return { status: 'ok', detail };
  // Ollama lists `qwen3:latest` for `qwen3`.
  if (known.some((name) => name === model || name === `${model}:latest`)) return { status: 'ok', detail };
  const names = known.slice(0, mostNames).join(', ');
  const more = known.length > mostNames ? ` and ${known.length - mostNames} more` : '';
  return {
    status: 'warning',
    detail: `${detail}; it does not list the model ${model}`,
    remedy: `It has ${names}${more}. Put one of them into ${settingOf(address, 'model')}.`,
  };
}

function nameOf({ address }: EngineClient, what: string | undefined): string {
  return what === undefined ? address.shown : `${what} at ${address.shown}`;
}

function since(begunMs: number): string {
  return inMs(performance.now() - begunMs);
}

function inMs(ms: number): string {
  return `${Math.round(ms)} ms`;
}
