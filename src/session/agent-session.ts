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

/** A session event; the one that says that sound has come brings the samples along. */
export type AgentSessionEvent =
  | Exclude<SessionEvent, Heard>
  /** `pcm`: PCM16 little-endian mono at `profile.outputRateHz`. */
  | (Omit<Heard, 'audio'> & { readonly pcm: Uint8Array });

type EventOf<Type extends AgentSessionEvent['type']> = Extract<AgentSessionEvent, { type: Type }>;

/** What the listeners of a session get, by what they listen to. */
export type AgentSessionListened = { readonly [Type in AgentSessionEvent['type']]: EventOf<Type> } & {
  /** Every message on the wire, without keys. */
  readonly raw: RawMessage;
};

/** A picture: a path, or what it holds. A path is read and made to fit the model; bytes are sent as they are. */
export type ImageInput = string | { readonly mime: string; readonly data: Uint8Array };

export type Message = string | { readonly text: string; readonly images?: readonly ImageInput[] | undefined };

/** What a session costs so far, estimated by the price table. */
export type SessionCost = NonNullable<EventOf<'usage'>['cost']>;

/** A conversation as a program has it. Made by `connect`. */
export interface AgentSession extends AsyncDisposable, AsyncIterable<AgentSessionEvent> {
  readonly profile: Profile;
  readonly state: SessionState;
  /** Who has the conversation. */
  readonly agent: Agent;
  /** What was said, in order, with what was really heard of each answer. */
  readonly history: readonly HistoryItem[];
  readonly usage: Usage;
  /** Undefined where no price of the model is known, or nothing has been used yet. */
  readonly cost: SessionCost | undefined;
  /** Resolves when the session is over, whoever ended it, and says why. Never rejects. */
  readonly ended: Promise<Ending>;
  /** PCM16 little-endian mono at `profile.inputRateHz`, any length. @throws VoxtermError exit 2 for anything else than bytes. */
  sendAudio(pcm: Uint8Array): void;
  /** Resolves when the network has taken what was sent: back-pressure for long recordings. */
  drained(): Promise<void>;
  /** Ends the user's turn by hand, where nobody detects it. */
  commit(): void;
  /** Asks for an answer without anything new being said, for example to let the assistant speak first. */
  respond(): void;
  /**
   * Says something in writing; a running answer is interrupted. Pictures are shown before the words.
   * @throws VoxtermError exit 2 or 3 for pictures that cannot be read or shown; nothing is sent then.
   */
  sendMessage(message: Message): Promise<void>;
  /** Shows a picture; no answer begins. @throws VoxtermError exit 2 or 3 for one that cannot be read or shown. */
  sendImage(image: ImageInput): Promise<void>;
  /** Cuts the running answer off where it has been heard. */
  interrupt(): void;
  /** Keeps the microphone away from the model. */
  mute(muted: boolean): void;
  /** Another agent takes over, or another version of this one. @throws VoxtermError for what is wrong with it. */
  updateAgent(agent: Agent): Promise<void>;
  /** Rewrites the conversation, here and at the provider where it can forget. Function calls can be removed, not added. */
  updateHistory(change: HistoryItem[] | ((history: readonly HistoryItem[]) => HistoryItem[])): void;
  /** Lets a call run that waits for it. Returns false where none does. */
  approve(callId: string, answer?: ApprovalAnswer): boolean;
  /** Answers a waiting call with a refusal in words. Returns false where none waits. */
  reject(callId: string, answer?: ApprovalAnswer & { readonly message?: string | undefined }): boolean;
  /** Sends a message of the provider's own; an object becomes JSON. */
  sendRaw(message: Readonly<Record<string, unknown>> | string | Uint8Array): void;
  /**
   * Calls the listener at once for each event of this type; `raw`: for every message on the wire, without keys. Returns the
   * way to stop that.
   */
  on<Type extends keyof AgentSessionListened>(
    type: Type,
    listener: (event: AgentSessionListened[Type]) => void,
  ): () => void;
  /** Ends the session in order; resolves when everything is closed. Twice does no harm. */
  close(): Promise<Ending>;
  /**
   * Every event from now on; the first loop also gets what came before it. While a loop is behind, nothing is read from the
   * network, so nothing is lost. Ends with the session; `ended` says why.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<AgentSessionEvent>;
}

export interface AgentSessionParts {
  readonly session: VoiceSession;
  readonly team: Pick<Team, 'current'>;
  readonly streams: EventStreams<AgentSessionEvent>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A running session, given the face a program likes. */
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
    // Without pictures it is sent before anybody can say anything else.
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
    // Of what JSON does not know nothing is left.
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

  /** Raw messages cost nothing while nobody wants them. */
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
