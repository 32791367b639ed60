import type { Hearing, Stages } from '../../engines/core/stages.js';
import type { Clock } from '../core/clock.js';
import type { NewId } from '../core/ids.js';
import type { ServerEvent } from '../core/server-event.js';
import type { SessionConfig } from '../requests/session-config.js';
import type { ConversationStore } from '../store/conversation-store.js';
import { type MessageItem, snapshot } from '../store/items.js';
import { InputAudio } from './input-audio.js';
import { announce, announceWords } from './transcription.js';

export interface ListenerOptions {
  readonly config: SessionConfig;
  readonly stages: Stages;
  /** Used where the client did not name one, ISO 639-1. */
  readonly language: string | undefined;
  readonly store: ConversationStore;
  readonly send: (event: ServerEvent) => void;
  readonly newId: NewId;
  readonly clock: Clock;
  /** The session's end. */
  readonly signal: AbortSignal;
  readonly onSpeechStarted: () => void;
  /** The user's turn is over and has become an item. */
  readonly onTurnEnded: () => void;
}

/** A spoken message: how long the speech was, and its words once they are known. */
export interface Heard {
  readonly speechMs: number;
  readonly text?: string | undefined;
}

/** A failing ear costs the words, not the session. */
function notUnderstood(error: unknown): Hearing {
  return { kind: 'unavailable', message: error instanceof Error ? error.message : String(error) };
}

type Transcription = SessionConfig['audio']['input']['transcription'];

/** The user's side: sound becomes turns, turns become items, items become words. */
export class Listener {
  private config: SessionConfig;
  private readonly input: InputAudio;
  /** Id of the item that the open turn will become. */
  private turnItemId: string | undefined;
  private readonly hearings = new Map<string, Promise<Hearing>>();
  private readonly heard = new Map<string, Heard>();

  constructor(private readonly options: ListenerOptions) {
    this.config = options.config;
    this.input = new InputAudio(options.config.audio.input, options.stages.detector);
  }

  get receivedMs(): number {
    return this.input.receivedMs;
  }

  configure(config: SessionConfig): void {
    this.config = config;
    this.input.configure(config.audio.input);
  }

  /** Length and words of a spoken item, as far as they are known. */
  heardIn(itemId: string): Heard | undefined {
    return this.heard.get(itemId);
  }

  /** Resolves when all speech so far has been transcribed, or has failed to be. */
  async settled(): Promise<void> {
    await Promise.all(this.hearings.values());
  }

  /** @throws Refusal, see {@link InputAudio.append}. */
  append(base64: string): void {
    const { send, newId, onSpeechStarted, onTurnEnded } = this.options;
    for (const edge of this.input.append(base64)) {
      if (edge.type === 'started') {
        this.turnItemId = newId('item');
        send({
          type: 'input_audio_buffer.speech_started',
          audio_start_ms: edge.audioStartMs,
          item_id: this.turnItemId,
        });
        onSpeechStarted();
      } else {
        const itemId = this.turnItemId ?? newId('item');
        send({ type: 'input_audio_buffer.speech_stopped', audio_end_ms: edge.audioEndMs, item_id: itemId });
        this.addUserItem(itemId, edge.samples, edge.speechMs);
        onTurnEnded();
      }
    }
  }

  /** @throws Refusal when there is less than 100 ms of sound. */
  commit(): void {
    const samples = this.input.commit();
    this.addUserItem(this.turnItemId ?? this.options.newId('item'), samples);
  }

  clear(): void {
    this.input.clear();
    this.turnItemId = undefined;
    this.options.send({ type: 'input_audio_buffer.cleared' });
  }

  /** The user was silent for the configured time: the silence becomes an item of its own. */
  commitSilence(silenceMs: number): void {
    const itemId = this.options.newId('item');
    const audioEndMs = this.input.receivedMs;
    this.options.send({
      type: 'input_audio_buffer.timeout_triggered',
      audio_start_ms: Math.max(0, audioEndMs - silenceMs),
      audio_end_ms: audioEndMs,
      item_id: itemId,
    });
    this.input.clear();
    this.addUserItem(itemId, new Int16Array(0));
  }

  private addUserItem(itemId: string, samples: Int16Array, speechMs?: number): void {
    const { store, send } = this.options;
    this.turnItemId = undefined;
    const content: MessageItem['content'] = [{ type: 'input_audio', transcript: null }];
    const item: MessageItem = {
      id: itemId,
      object: 'realtime.item',
      type: 'message',
      status: 'completed',
      role: 'user',
      content,
    };
    send({ type: 'input_audio_buffer.committed', previous_item_id: store.lastId, item_id: itemId });
    const previousId = store.insert(item);
    send({ type: 'conversation.item.added', previous_item_id: previousId, item: snapshot(item) });
    send({ type: 'conversation.item.done', previous_item_id: previousId, item: snapshot(item) });
    if (samples.length > 0) this.listen(item, samples, speechMs);
  }

  /** @throws Refusal when this is not sound in the session's input format. */
  decode(base64: string): Int16Array {
    return this.input.decode(base64);
  }

  /** Transcribes the sound of a user message. `speechMs`: the spoken part of it. */
  listen(item: MessageItem, samples: Int16Array, speechMs?: number): void {
    const { stages, signal, store, send } = this.options;
    const { rateHz } = this.input;
    const soundMs = (samples.length * 1000) / rateHz;
    store.addSound(item, 0, soundMs);
    this.heard.set(item.id, { speechMs: speechMs ?? soundMs });
    const { transcription } = this.config.audio.input;
    const language = transcription?.language ?? this.options.language;
    let early = '';
    const onWords = (delta: string): void => {
      if (transcription === null || signal.aborted) return;
      early += delta;
      announceWords(delta, { itemId: item.id, send });
    };
    const hearing = stages.ear
      .hear({ itemId: item.id, samples, rateHz, language, prompt: transcription?.prompt, onWords }, signal)
      .catch(notUnderstood);
    this.hearings.set(item.id, hearing);
    void hearing.then((result) => this.understood(item, result, transcription, early !== ''));
  }

  private async understood(
    item: MessageItem,
    hearing: Hearing,
    transcription: Transcription,
    wordsAnnounced: boolean,
  ): Promise<void> {
    const { store, send, clock, signal } = this.options;
    this.hearings.delete(item.id);
    const spokenMs = store.soundMs(item);
    if (hearing.kind === 'words') {
      this.heard.set(item.id, {
        speechMs: this.heard.get(item.id)?.speechMs ?? spokenMs,
        text: hearing.text,
      });
    }
    if (transcription === null || signal.aborted) return;
    if (hearing.kind === 'words') {
      item.content.splice(0, 1, { type: 'input_audio', transcript: hearing.text });
    }
    await announce(hearing, {
      itemId: item.id,
      spokenMs,
      model: transcription.model,
      wordsAnnounced,
      send,
      clock,
      signal,
    });
  }
}
