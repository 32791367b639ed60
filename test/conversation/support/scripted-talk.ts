import type { Command } from '../../../src/contract/commands.js';
import type { Effect } from '../../../src/contract/effects.js';
import type { ModelEvent } from '../../../src/contract/events.js';
import type { Input } from '../../../src/contract/inputs.js';
import type { Profile } from '../../../src/contract/profile.js';
import type { SessionEventBody } from '../../../src/contract/session-events.js';
import type { SessionSettings } from '../../../src/contract/settings.js';
import { Conversation, type ConversationOptions } from '../../../src/conversation/conversation.js';
import { fullProfile, samplesPerMs } from './profiles.js';

type OfType<U, T> = Extract<U, { type: T }>;

/** A conversation that is told one thing after the other, and everything it did about it. */
export class ScriptedTalk {
  readonly conversation: Conversation;
  readonly effects: Effect[] = [];
  nowMs = 0;

  /** Begins when the session is ready, and forgets what led there. */
  constructor(
    profile: Partial<Profile> = {},
    settings: SessionSettings = { transcription: {} },
    more: Partial<ConversationOptions> = {},
  ) {
    this.conversation = new Conversation({
      profile: { ...fullProfile, ...profile },
      settings,
      watchEcho: true,
      ...more,
    });
    this.model({ type: 'session.created', sessionId: 'session' });
    this.model({ type: 'session.updated' });
    this.effects.length = 0;
  }

  feed(...inputs: Input[]): this {
    for (const input of inputs) this.effects.push(...this.conversation.handle(input, this.nowMs));
    return this;
  }

  model(...events: ModelEvent[]): this {
    return this.feed(...events.map((event): Input => ({ type: 'model', event })));
  }

  /** Time passes, noticed every 100 ms. */
  wait(ms: number): this {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs; ) {
      this.nowMs = Math.min(endMs, this.nowMs + 100);
      this.feed({ type: 'tick' });
    }
    return this;
  }

  /** A spoken turn that the server notices and will answer. */
  turn(itemId: string): this {
    return this.model(
      { type: 'speech.started', itemId },
      { type: 'speech.stopped', itemId },
      { type: 'input.committed', itemId },
    );
  }

  /** A piece of an answer: words and their sound. */
  say(responseId: string, itemId: string, text: string, soundMs: number): this {
    const part = { responseId, itemId, contentIndex: 0 };
    return this.model(
      { type: 'text.delta', ...part, delta: text, spoken: true },
      { type: 'audio.delta', ...part, audio: sound(soundMs) },
    );
  }

  /** All of an answer has arrived; none of it need have been heard yet. */
  answer(responseId: string, itemId: string, text: string, soundMs: number): this {
    const part = { responseId, itemId, contentIndex: 0 };
    return this.say(responseId, itemId, text, soundMs).model(
      { type: 'audio.done', ...part },
      { type: 'text.done', ...part, text, spoken: true },
      { type: 'response.done', responseId, status: 'completed' },
    );
  }

  /** The loudspeaker says how far it is. */
  rendered(itemId: string, ms: number): this {
    return this.feed({
      type: 'playback.rendered',
      parts: [{ itemId, contentIndex: 0, samples: ms * samplesPerMs }],
    });
  }

  /** The loudspeaker fell silent there. */
  cleared(epoch: number, itemId: string, ms: number): this {
    const parts = [{ itemId, contentIndex: 0, samples: ms * samplesPerMs }];
    return this.feed({ type: 'playback.cleared', epoch, parts });
  }

  /** The model calls tools in one response. */
  call(responseId: string, ...callIds: string[]): this {
    return this.model(
      ...callIds.map(
        (callId): ModelEvent => ({
          type: 'tool.called',
          responseId,
          itemId: `${callId}-item`,
          callId,
          name: 'weather',
          arguments: '{}',
        }),
      ),
    );
  }

  result(callId: string, output = 'sunny'): this {
    return this.feed({ type: 'tool.ended', callId, outcome: { kind: 'finished', output, durationMs: 5 } });
  }

  /** Acknowledges everything the server was given. */
  acknowledge(): this {
    for (const { item } of this.sent('item.create')) {
      if (item.itemId !== undefined)
        this.model({ type: 'item.added', item: { itemId: item.itemId, kind: 'other' } });
    }
    return this;
  }

  sent<T extends Command['type']>(type: T): OfType<Command, T>[] {
    return this.effects
      .flatMap((effect) => (effect.type === 'send' ? [effect.command] : []))
      .filter((command): command is OfType<Command, T> => command.type === type);
  }

  emitted<T extends SessionEventBody['type']>(type: T): OfType<SessionEventBody, T>[] {
    return this.effects
      .flatMap((effect) => (effect.type === 'emit' ? [effect.event] : []))
      .filter((event): event is OfType<SessionEventBody, T> => event.type === type);
  }

  did<T extends Effect['type']>(type: T): OfType<Effect, T>[] {
    return this.effects.filter((effect): effect is OfType<Effect, T> => effect.type === type);
  }

  /** Forgets what was done so far. */
  forget(): this {
    this.effects.length = 0;
    return this;
  }
}

/** Silence of this length, at the output rate. */
export function sound(ms: number): Uint8Array {
  return new Uint8Array(ms * samplesPerMs * 2);
}
