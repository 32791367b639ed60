import { isObject, type JsonObject } from '../../../../src/base/json.js';
import type { Command } from '../../../../src/contract/commands.js';
import type { Effect } from '../../../../src/contract/effects.js';
import type { ModelEvent } from '../../../../src/contract/events.js';
import type { Frame } from '../../../../src/contract/frame.js';
import type { Input, RenderedPart } from '../../../../src/contract/inputs.js';
import type { SessionEventBody } from '../../../../src/contract/session-events.js';
import { Conversation } from '../../../../src/conversation/conversation.js';
import type { Codec, Provider } from '../../../../src/providers/provider.js';
import type { Cassette, CassetteLine } from './cassette.js';
import { type Intent, intentsOf, settingsOf } from './intents.js';
import { ServerNames } from './server-names.js';

/** Time between two lines of a recording without times. */
const lineMs = 20;
const tickMs = 100;
/** Time after the last line: long enough for every wait that is not a failure. */
const afterwardsMs = 4000;

type Emitted<T> = Extract<SessionEventBody, { type: T }>;

/**
 * Replays a recorded connection: its server talks to our codec and conversation, which answer instead of the recorded
 * client. Audio that is played counts as heard by the next line.
 */
export class ReplayedTalk {
  readonly conversation: Conversation;
  /** The events that the server's frames became. */
  readonly understood: ModelEvent[] = [];
  readonly emitted: SessionEventBody[] = [];
  /** What we sent, without audio. */
  readonly sent: JsonObject[] = [];
  private readonly codec: Codec;
  private readonly names = new ServerNames();
  private readonly samples = new Map<string, RenderedPart>();
  private rendered: readonly RenderedPart[] = [];
  private readonly running = new Set<string>();
  private readonly results = new Map<string, string>();
  private nowMs = 0;

  constructor(
    provider: Provider,
    private readonly cassette: Cassette,
  ) {
    const model = cassette.model ?? provider.defaultModel;
    const connection = { model, env: {} };
    this.codec = provider.codec(connection);
    this.conversation = new Conversation({
      profile: provider.profile(model),
      settings: settingsOf(cassette),
      watchEcho: false,
    });
  }

  play(): this {
    this.note(this.codec.open());
    this.feed({ type: 'link.up' });
    this.cassette.lines.forEach((line, index) => {
      this.wait(Math.max(0, (line.atMs ?? this.nowMs + lineMs) - this.nowMs));
      this.render();
      if (line.direction === 'received') this.receive(line.data);
      else this.act(line, index);
    });
    this.render();
    this.wait(afterwardsMs);
    return this;
  }

  get<T extends SessionEventBody['type']>(type: T): Emitted<T>[] {
    return this.emitted.filter((event): event is Emitted<T> => event.type === type);
  }

  private receive(data: JsonObject): void {
    for (const event of this.codec.decode(JSON.stringify(this.names.received(data)))) {
      this.understood.push(event);
      this.feed({ type: 'model', event });
    }
  }

  private act({ data }: CassetteLine, index: number): void {
    const before = this.sent.length;
    for (const intent of intentsOf(this.cassette, index)) this.follow(intent);
    this.names.sent(data, this.sent.slice(before));
  }

  private follow(intent: Intent): void {
    switch (intent.type) {
      case 'sound':
        this.codec.encode({ type: 'audio.append', audio: intent.audio });
        break;
      case 'text':
        this.feed({ type: 'user.text', text: intent.text });
        break;
      case 'history':
        this.send({ type: 'item.create', item: intent.item });
        break;
      case 'image':
        this.feed({ type: 'user.image', mime: intent.mime, data: intent.data });
        break;
      case 'begin':
        this.feed({ type: 'user.speech' });
        break;
      case 'commit':
        this.feed({ type: 'user.commit' });
        break;
      case 'interrupt':
        this.feed({ type: 'user.interrupt' });
        break;
      case 'result':
        this.results.set(intent.callId, intent.output);
        this.answerCalls();
        break;
    }
  }

  private feed(input: Input): void {
    for (const effect of this.conversation.handle(input, this.nowMs)) this.carryOut(effect);
  }

  private carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'send':
        this.send(effect.command);
        break;
      case 'emit':
        this.emitted.push(effect.event);
        break;
      case 'play': {
        const { itemId, contentIndex, audio } = effect;
        const key = `${itemId} ${contentIndex}`;
        const samples = (this.samples.get(key)?.samples ?? 0) + audio.length / 2;
        this.samples.set(key, { itemId, contentIndex, samples });
        break;
      }
      case 'playback.clear':
        this.samples.clear();
        this.feed({ type: 'playback.cleared', epoch: effect.epoch, parts: this.rendered });
        this.rendered = [];
        break;
      case 'tool.run':
        this.running.add(effect.callId);
        this.answerCalls();
        break;
      case 'tool.cancel':
        this.running.delete(effect.callId);
        break;
      case 'play.end':
      case 'user.turn':
      case 'echo.half-duplex':
      case 'reconnect':
      case 'end':
        break;
    }
  }

  private answerCalls(): void {
    for (const callId of [...this.running]) {
      const output = this.results.get(callId);
      if (output === undefined) continue;
      this.running.delete(callId);
      this.feed({ type: 'tool.ended', callId, outcome: { kind: 'finished', output, durationMs: 1 } });
    }
  }

  private render(): void {
    if (this.samples.size === 0) return;
    this.rendered = [...this.samples.values()];
    this.feed({ type: 'playback.rendered', parts: this.rendered });
    this.feed({ type: 'playback.drained' });
  }

  private wait(ms: number): void {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs; ) {
      this.nowMs = Math.min(endMs, this.nowMs + tickMs);
      this.feed({ type: 'tick' });
    }
  }

  private send(command: Command): void {
    this.note(this.codec.encode(command));
  }

  private note(frames: readonly Frame[]): void {
    for (const frame of frames) {
      const value: unknown = JSON.parse(typeof frame === 'string' ? frame : new TextDecoder().decode(frame));
      if (isObject(value)) this.sent.push(value);
    }
  }
}
