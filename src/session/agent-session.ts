import type { Agent } from '../agents/agent.js';
import type { Team } from '../agents/team.js';
import { type Ending, ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import type { HistoryItem } from '../contract/items.js';
import type { Profile } from '../contract/profile.js';
import type { SessionEvent } from '../contract/session-events.js';
import type { Usage } from '../contract/usage.js';
import type { ApprovalAnswer } from '../tools/definition/tool.js';
import type { EventStreams } from './events/event-streams.js';
import { ListenersByType } from './events/listeners-by-type.js';
import type { RawMessage, SessionState, VoiceSession } from './voice-session.js';

type Heard = Extract<SessionEvent, { type: 'assistant.audio' }>;

/** A session event; the event for received sound includes the samples. */
export type AgentSessionEvent =
  | Exclude<SessionEvent, Heard>
  /** `pcm`: PCM16 little-endian mono at `profile.outputRateHz`. */
  | (Omit<Heard, 'audio'> & { readonly pcm: Uint8Array });

type EventOf<Type extends AgentSessionEvent['type']> = Extract<AgentSessionEvent, { type: Type }>;

/** What the listeners of a session receive, by the name of the event. */
export type AgentSessionListened = { readonly [Type in AgentSessionEvent['type']]: EventOf<Type> } & {
  /** Every message on the wire, without keys. */
  readonly raw: RawMessage;
};

/**
 * A picture: a path, or its bytes. A file is read and converted to what the model accepts; bytes are sent unchanged.
 */
export type ImageInput = string | { readonly mime: string; readonly data: Uint8Array };

export type Message = string | { readonly text: string; readonly images?: readonly ImageInput[] | undefined };

/** What a session has cost so far, estimated from the price table. */
export type SessionCost = NonNullable<EventOf<'usage'>['cost']>;

/** A running conversation, as returned by `connect`. */
export interface AgentSession extends AsyncDisposable, AsyncIterable<AgentSessionEvent> {
  readonly profile: Profile;
  readonly state: SessionState;
  /** Name of the current agent. */
  readonly agent: Agent;
  /** What was said, in order, with the part of each answer that was heard. */
  readonly history: readonly HistoryItem[];
  readonly usage: Usage;
  /** Undefined if the price of the model is unknown, or nothing has been used yet. */
  readonly cost: SessionCost | undefined;
  /** Resolves with the reason when the session has ended, on either side. Never rejects. */
  readonly ended: Promise<Ending>;
  /**
   * PCM16 little-endian mono at `profile.inputRateHz`, any length. @throws VoxtermError exit 2 for anything but bytes.
   */
  sendAudio(pcm: Uint8Array): void;
  /** Resolves when the sound has been sent to the network: back-pressure for long recordings. */
  drained(): Promise<void>;
  /** Ends the user's turn by hand, if turn detection is off. */
  commit(): void;
  /** Asks for an answer without new input, for example to let the assistant speak first. */
  respond(): void;
  /**
   * Sends a typed message; a running answer is interrupted. Pictures are sent before the text.
   * @throws VoxtermError exit 2 or 3 for pictures that cannot be read or sent; then nothing is sent.
   */
  sendMessage(message: Message): Promise<void>;
  /** Sends a picture without asking for an answer. @throws VoxtermError exit 2 or 3 if it cannot be read or sent. */
  sendImage(image: ImageInput): Promise<void>;
  /** Stops the running answer; the history keeps the part that was heard. */
  interrupt(): void;
  /** Stops sending the microphone to the model. */
  mute(muted: boolean): void;
  /** Hands over to another agent, or to another version of this one. @throws VoxtermError if the agent is invalid. */
  updateAgent(agent: Agent): Promise<void>;
  /** Replaces the history, here and at providers that can delete items. Function calls can be removed, not added. */
  updateHistory(change: HistoryItem[] | ((history: readonly HistoryItem[]) => HistoryItem[])): void;
  /** Approves a call that waits for approval. Returns false if no such call waits. */
  approve(callId: string, answer?: ApprovalAnswer): boolean;
  /** Rejects a call that waits for approval; the model gets the message. Returns false if no such call waits. */
  reject(callId: string, answer?: ApprovalAnswer & { readonly message?: string | undefined }): boolean;
  /** Sends a raw message in the provider's protocol; an object is sent as JSON. */
  sendRaw(message: Readonly<Record<string, unknown>> | string | Uint8Array): void;
  /**
   * Calls the listener synchronously for each event of this type; `raw`: for every message on the wire, without keys.
   * Returns a function that removes the listener.
   */
  on<Type extends keyof AgentSessionListened>(
    type: Type,
    listener: (event: AgentSessionListened[Type]) => void,
  ): () => void;
  /** Ends the session cleanly; resolves when everything is closed. Safe to call twice. */
  close(): Promise<Ending>;
  /**
   * Every event from now on; the first loop also gets what came before it. While a loop is behind, nothing is read from
   * the network, so nothing is lost. Ends with the session; `ended` says why.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<AgentSessionEvent>;
}

export interface AgentSessionParts {
  readonly session: VoiceSession;
  readonly team: Pick<Team, 'current'>;
  readonly streams: EventStreams<AgentSessionEvent>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Wraps a running session in the public API. */
export class ConnectedSession implements AgentSession {
  cost: SessionCost | undefined;
  private pcm: Uint8Array = new Uint8Array();
  private readonly listeners = new ListenersByType<AgentSessionListened>();

  constructor(private readonly parts: AgentSessionParts) {
    const { session } = parts;
    session.onAudio = (side, pcm) => {
      if (side === 'assistant') this.pcm = pcm;
    };
    session.subscribe((event) => this.take(event));
    void session.ended.then(() => parts.streams.end());
  }

  get profile(): Profile {
    return this.parts.session.profile;
  }

  get state(): SessionState {
    return this.parts.session.state;
  }

  get agent(): Agent {
    return this.parts.team.current;
  }

  get history(): readonly HistoryItem[] {
    return this.parts.session.history;
  }

  get usage(): Usage {
    return this.parts.session.usage;
  }

  get ended(): Promise<Ending> {
    return this.parts.session.ended;
  }

  sendAudio(pcm: Uint8Array): void {
    if (!(pcm instanceof Uint8Array)) throw misused('sendAudio takes PCM16 as a Uint8Array or Buffer.');
    this.parts.session.sendAudio(pcm);
  }

  drained(): Promise<void> {
    return this.parts.session.drained();
  }

  commit(): void {
    this.parts.session.commit();
  }

  respond(): void {
    this.parts.session.respond();
  }

  async sendMessage(message: Message): Promise<void> {
    const { text, images = [] } = typeof message === 'string' ? { text: message } : (message ?? {});
    if (typeof text !== 'string' || !Array.isArray(images))
      throw misused('sendMessage takes a text, or { text, images }.');
    const { session } = this.parts;
    // Without pictures it is sent synchronously, before any other message.
    const read = images.length === 0 ? [] : await Promise.all(images.map((image) => this.read(image)));
    for (const image of read) session.sendImage(image);
    session.sendText(text);
  }

  async sendImage(image: ImageInput): Promise<void> {
    this.parts.session.sendImage(await this.read(image));
  }

  interrupt(): void {
    this.parts.session.interrupt();
  }

  mute(muted: boolean): void {
    this.parts.session.setMuted(muted);
  }

  updateAgent(agent: Agent): Promise<void> {
    return this.parts.session.updateAgent(agent);
  }

  updateHistory(change: Parameters<AgentSession['updateHistory']>[0]): void {
    this.parts.session.updateHistory(change);
  }

  approve(callId: string, answer?: ApprovalAnswer): boolean {
    return this.parts.session.approve(callId, answer);
  }

  reject(callId: string, answer?: Parameters<AgentSession['reject']>[1]): boolean {
    return this.parts.session.reject(callId, answer);
  }

  sendRaw(message: Parameters<AgentSession['sendRaw']>[0]): void {
    const isFrame = typeof message === 'string' || message instanceof Uint8Array;
    const frame: unknown = isFrame ? message : JSON.stringify(message);
    // `JSON.stringify` returns undefined for values that JSON cannot represent.
    if (typeof frame !== 'string' && !(frame instanceof Uint8Array))
      throw misused('sendRaw takes an object, a text or bytes.');
    this.parts.session.sendRaw(frame);
  }

  on<Type extends keyof AgentSessionListened>(
    type: Type,
    listener: (event: AgentSessionListened[Type]) => void,
  ): () => void {
    const leave = this.listeners.add(type, listener);
    this.watchRaw();
    return () => {
      leave();
      this.watchRaw();
    };
  }

  close(): Promise<Ending> {
    return this.parts.session.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<AgentSessionEvent> {
    return this.parts.streams.iterator();
  }

  private take(given: SessionEvent): void {
    const event: AgentSessionEvent = given.type === 'assistant.audio' ? { ...given, pcm: this.pcm } : given;
    if (event.type === 'usage' && event.cost !== undefined) this.cost = event.cost;
    this.parts.streams.put(event);
    this.listeners.tell(event.type, event);
  }

  /** Subscribes to raw messages only while they have listeners, since preparing them costs time. */
  private watchRaw(): void {
    const wanted = this.listeners.anyFor('raw');
    this.parts.session.onRaw = wanted ? (message) => this.listeners.tell('raw', message) : undefined;
  }

  private async read(image: ImageInput): Promise<{ readonly mime: string; readonly data: Uint8Array }> {
    if (typeof image !== 'string') return image;
    const { readImage } = await import('./images/read-image.js');
    return readImage(image, { profile: this.profile, env: this.parts.env });
  }
}

/** For programs without types. */
function misused(message: string): VoxtermError {
  return new VoxtermError(message, { code: 'argument.invalid', exitCode: ExitCode.usage });
}
