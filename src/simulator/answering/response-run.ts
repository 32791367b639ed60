import { encodeAudio, pcm24k, rateOf } from '../../engines/core/audio-format.js';
import { atRate } from '../../engines/core/sample-rate.js';
import type { Delivery, Thought, Voice } from '../../engines/core/stages.js';
import type { Clock } from '../core/clock.js';
import { spokenTokens, textTokens } from '../core/tokens.js';
import { wordsOf } from '../core/words.js';
import type { ResponseConfig } from '../requests/response-config.js';
import { type Item, snapshot } from '../store/items.js';
import { CallOutput, McpCallOutput, type OutputContext, SpokenOutput, WrittenOutput } from './outputs.js';
import { deltaMs, Pacer, pieces } from './pacing.js';
import { SentenceSplitter } from './sentences.js';
import { type SentenceSound, SpeakAhead } from './speak-ahead.js';
import { countInput, type InputTokens, toWireUsage } from './usage-count.js';

type Cut = Extract<Thought, { type: 'cut' }>['reason'];

export type Outcome =
  | { readonly status: 'completed'; readonly reason?: 'nothing_heard' | undefined }
  | { readonly status: 'cancelled'; readonly reason: 'turn_detected' | 'client_cancelled' }
  | { readonly status: 'incomplete'; readonly reason: Cut }
  | { readonly status: 'failed'; readonly message: string };

export interface RunOptions extends OutputContext {
  readonly config: ResponseConfig;
  readonly conversationId: string;
  readonly voice: Voice;
  readonly clock: Clock;
  /** Multiple of real time at which sound is delivered, unless a thought sets its own. */
  readonly pace: number;
  /** Called once, right after `response.done`. */
  readonly onDone: (run: ResponseRun) => void;
}

/** The message that is being written. */
interface Message {
  readonly output: SpokenOutput | WrittenOutput;
  splitter: SentenceSplitter;
  /** Counts how often its words were taken back. */
  edition: number;
  readonly pacer: Pacer;
  delivery: Delivery;
}

/** One sentence on its way. */
interface Delivered {
  readonly sentence: string;
  readonly pacer: Pacer;
  readonly sound: SentenceSound;
  /** It must not be delivered any more. */
  readonly stale: () => boolean;
}

/**
 * One answer, from `response.created` to `response.done`. Calls are sent at once, while a message is still being
 * spoken, as the real models interleave them. Nothing is sent after `response.done`.
 */
export class ResponseRun {
  private readonly outputs: (SpokenOutput | WrittenOutput | CallOutput | McpCallOutput)[] = [];
  private readonly stop = new AbortController();
  private message: Message | undefined;
  /** Messages are delivered one after the other. */
  private delivery: Promise<void> = Promise.resolve();
  private outcome: Outcome | undefined;
  /** Why the model stopped before its answer was complete. */
  private cut: Cut | undefined;
  private nothingHeard = false;
  private audioOutMs = 0;
  private textOut = 0;
  private firstSoundMs: number | undefined;
  private counted: Extract<Thought, { type: 'usage' }> | undefined;
  private readonly ahead = new SpeakAhead();
  private readonly input: InputTokens;

  constructor(private readonly options: RunOptions) {
    this.input = countInput(options.store, options.config.instructions);
  }

  get id(): string {
    return this.options.responseId;
  }

  get signal(): AbortSignal {
    return this.stop.signal;
  }

  /** When a client that plays at real time has nothing left to play. */
  get playbackEndsMs(): number {
    const { clock } = this.options;
    return Math.max(clock.nowMs(), (this.firstSoundMs ?? clock.nowMs()) + this.audioOutMs);
  }

  /** Announces the response. `think` follows. */
  open(): void {
    this.options.send({ type: 'response.created', response: this.toWire() });
  }

  /** Delivers the thoughts and closes the response. Never rejects. */
  async think(thoughts: AsyncIterable<Thought>): Promise<void> {
    try {
      for await (const thought of thoughts) {
        if (this.outcome !== undefined) return;
        this.take(thought);
      }
      this.endMessage();
      await this.delivery;
      const reason = this.nothingHeard ? 'nothing_heard' : undefined;
      this.end(
        this.cut === undefined ? { status: 'completed', reason } : { status: 'incomplete', reason: this.cut },
      );
    } catch (error) {
      this.end({ status: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Ends the response now. Does nothing when it is over. */
  end(outcome: Outcome): void {
    if (this.outcome !== undefined) return;
    this.outcome = outcome;
    this.stop.abort();
    const status = outcome.status === 'completed' ? 'completed' : 'incomplete';
    for (const output of this.outputs) output.finish(status);
    this.options.send({ type: 'response.done', response: this.toWire() });
    this.options.onDone(this);
  }

  private take(thought: Thought): void {
    switch (thought.type) {
      case 'say':
        this.say(thought);
        return;
      case 'call':
        this.call(thought);
        return;
      case 'usage':
        this.counted = thought;
        return;
      case 'unsay':
        this.unsay();
        return;
      case 'cut':
        this.cut = thought.reason;
        return;
      case 'nothing heard':
        this.nothingHeard = true;
        return;
      case 'note':
        this.note(thought);
    }
  }

  private say({ text, pace, toneHz, language }: Extract<Thought, { type: 'say' }>): void {
    const { clock, config } = this.options;
    const delivery = { toneHz, language: language ?? config.language };
    this.message ??= {
      output: this.addMessage(),
      splitter: new SentenceSplitter(delivery.language),
      edition: 0,
      pacer: new Pacer(clock, pace ?? this.options.pace),
      delivery,
    };
    this.message.delivery = delivery;
    for (const sentence of this.message.splitter.push(text)) this.deliver(this.message, sentence);
  }

  /** What was not delivered yet stays away. */
  private unsay(): void {
    if (this.message === undefined) return;
    this.message.edition += 1;
    this.message.splitter = new SentenceSplitter(this.message.delivery.language);
  }

  private addMessage(): SpokenOutput | WrittenOutput {
    const kind = this.options.config.modality === 'audio' ? SpokenOutput : WrittenOutput;
    const output = new kind(this.options, this.outputs.length);
    this.outputs.push(output);
    return output;
  }

  private endMessage(): void {
    const { message } = this;
    this.message = undefined;
    if (message === undefined) return;
    for (const sentence of message.splitter.flush()) this.deliver(message, sentence);
    this.queue(async () => {
      // What is cut stays open, and ends with the response.
      if (this.outcome === undefined && this.cut === undefined) message.output.finish('completed');
    });
  }

  private deliver(message: Message, sentence: string): void {
    const { output, pacer, delivery, edition } = message;
    const stale = (): boolean => this.outcome !== undefined || message.edition !== edition;
    if (output instanceof SpokenOutput) {
      const sound = this.ahead.add(this.soundOf(sentence, delivery));
      this.queue(() => this.speak(output, { sentence, pacer, sound, stale }));
    } else this.queue(() => this.write(output, { sentence, pacer, stale }));
  }

  private soundOf(sentence: string, { toneHz, language }: Delivery): AsyncIterable<Int16Array> {
    const { config, voice } = this.options;
    return voice.speak(sentence, {
      voice: config.voice,
      speed: config.speed,
      language,
      toneHz,
      signal: this.signal,
    });
  }

  private queue(step: () => Promise<void>): void {
    this.delivery = this.delivery.then(step);
    this.delivery.catch(() => {}); // `think` awaits it and sees the same error
  }

  private call({ name, arguments: text, callId }: Extract<Thought, { type: 'call' }>): void {
    this.endMessage();
    const call = { name, callId: callId ?? this.options.newId('call') };
    const serverLabel = this.options.config.remoteTools.get(name);
    if (serverLabel === undefined) this.callClient(call, text);
    else this.callServer({ ...call, serverLabel }, text);
    this.spend(textTokens(`${name}${text}`), 0);
  }

  private callClient(call: { name: string; callId: string }, text: string): void {
    const output = new CallOutput(this.options, this.outputs.length, call);
    this.outputs.push(output);
    output.write(text);
    output.finish('completed');
  }

  /** The model speaks about the result in the next answer. */
  private callServer(call: { name: string; callId: string; serverLabel: string }, text: string): void {
    const output = new McpCallOutput(this.options, this.outputs.length, call);
    this.outputs.push(output);
    output.run(text);
  }

  private async write(
    output: WrittenOutput,
    { sentence, pacer, stale }: Omit<Delivered, 'sound'>,
  ): Promise<void> {
    for (const word of stale() ? [] : wordsOf(sentence)) {
      await pacer.due(wordMs, this.signal);
      if (stale()) return;
      output.words(word);
      this.spend(textTokens(word), 0);
    }
  }

  private async speak(output: SpokenOutput, { sentence, pacer, sound, stale }: Delivered): Promise<void> {
    if (stale()) {
      sound.drop();
      return;
    }
    const { clock, config } = this.options;
    const rateHz = rateOf(config.format);
    const words = wordsOf(sentence);
    output.beginSentence(sentence);
    const pieceSamples = Math.round((rateHz * deltaMs) / 1000);
    for await (const piece of pieces(atRate(sound, pcm24k.rate, rateHz), pieceSamples)) {
      const pieceMs = (piece.length * 1000) / rateHz;
      await pacer.due(pieceMs, this.signal);
      if (stale()) return;
      if (sound.lengthMs !== undefined) output.expectLength(sound.lengthMs);
      for (const word of words.splice(0, wordsPerDelta)) output.words(word);
      this.firstSoundMs ??= clock.nowMs();
      output.sound(encodeAudio(piece, config.format), pieceMs);
      this.spend(0, pieceMs);
    }
    if (stale()) return;
    for (const word of words) output.words(word);
    output.endSentence();
    this.spend(textTokens(sentence), 0);
  }

  /** Sent as an error that ends nothing: the dialect has no other event for it. */
  private note({ code, message }: Extract<Thought, { type: 'note' }>): void {
    const error = { type: 'invalid_request_error', code, message, param: null, event_id: null };
    this.options.send({ type: 'error', error });
  }

  private spend(tokens: number, audioMs: number): void {
    this.textOut += tokens;
    this.audioOutMs += audioMs;
    const { maxOutputTokens } = this.options.config;
    if (maxOutputTokens !== 'inf' && this.textOut + spokenTokens(this.audioOutMs) > maxOutputTokens) {
      this.end({ status: 'incomplete', reason: 'max_output_tokens' });
    }
  }

  private toWire(): Record<string, unknown> {
    const { config, responseId, conversationId, remembered } = this.options;
    const { outcome } = this;
    return {
      object: 'realtime.response',
      id: responseId,
      status: outcome?.status ?? 'in_progress',
      status_details: detailsOf(outcome),
      output: this.outputs.map(({ item }) => snapshot<Item>(item)),
      conversation_id: remembered ? conversationId : null,
      output_modalities: [config.modality],
      max_output_tokens: config.maxOutputTokens,
      audio: { output: { format: config.format, voice: config.voice } },
      usage: outcome === undefined ? null : this.usage(),
      metadata: config.metadata,
    };
  }

  private usage(): Record<string, unknown> {
    const { input, textOut, counted } = this;
    if (counted !== undefined) {
      const { inputTokens: textIn, outputTokens } = counted;
      return toWireUsage({ textIn, audioIn: 0, imageIn: 0, textOut: outputTokens, audioOut: 0 });
    }
    return toWireUsage({ ...input, textOut, audioOut: spokenTokens(this.audioOutMs) });
  }
}

/** Real servers send words several times faster than they are spoken. */
const wordsPerDelta = 2;
/** How long a written word counts for pacing. */
const wordMs = 150;

function detailsOf(outcome: Outcome | undefined): Record<string, unknown> | null {
  switch (outcome?.status) {
    case undefined:
      return null;
    case 'completed':
      return outcome.reason === undefined ? null : { type: 'completed', reason: outcome.reason };
    case 'cancelled':
    case 'incomplete':
      return { type: outcome.status, reason: outcome.reason };
    case 'failed':
      return {
        type: 'failed',
        error: { type: 'server_error', code: 'engine_failed', message: outcome.message },
      };
  }
}
