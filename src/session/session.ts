import type { Agent } from '../agents/agent.js';
import type { Effect } from '../contract/effects.js';
import type { PartKey } from '../contract/events.js';
import { type Ending, ExitCode } from '../contract/exit.js';
import type { Input } from '../contract/inputs.js';
import type { HistoryItem } from '../contract/items.js';
import type { Profile } from '../contract/profile.js';
import type { SessionEvent, SessionEventBody } from '../contract/session-events.js';
import type { TurnKeeper } from '../contract/turn-keeper.js';
import type { Usage } from '../contract/usage.js';
import { Conversation } from '../conversation/conversation.js';
import { checkReplacement } from '../conversation/memory/rewriting.js';
import type { Note } from '../providers/provider.js';
import type { ApprovalAnswer } from '../tools/definition/tool.js';
import { callWatch } from './call-watch.js';
import { Deferred } from './deferred.js';
import { EventListeners } from './events/event-listeners.js';
import { InputQueue } from './input-queue.js';
import { ReconnectingLink, type ReconnectingLinkHost } from './link/reconnecting-link.js';
import { retryWords } from './link/retry-words.js';
import { ModelSettings } from './model-settings.js';
import { RunningTeam } from './running-team.js';
import type { SessionParts } from './session-parts.js';
import { settleInTime } from './settle-in-time.js';
import { slowNetwork } from './voice/slow-network.js';
import { SoundOutput, type SoundOutputHost } from './voice/sound-output.js';
import { Upstream } from './voice/upstream.js';
import { VoiceInput } from './voice/voice-input.js';
import type { SessionState, VoiceSession } from './voice-session.js';

const tickMs = 100;
/** Time limit for a provider to become ready after connecting. */
const readyPatienceMs = 20_000;

/**
 * Runs the effects of one conversation: the thin shell between the pure core and link, player, tools and listeners. All
 * inputs go through one queue, so that an effect which answers synchronously cannot overtake the effects beside it.
 */
export class Session implements VoiceSession {
  onLevel: VoiceSession['onLevel'];
  onAudio: VoiceSession['onAudio'];
  private readonly over = new Deferred<Ending>();
  private readonly accepted = new Deferred<void>();
  readonly ended = this.over.promise;
  /** Resolves when the provider has accepted the settings; never if the session ends before that. */
  readonly ready = this.accepted.promise;
  private readonly conversation: Conversation;
  private readonly voice: VoiceInput;
  private readonly modelSettings: ModelSettings;
  private readonly connection: ReconnectingLink;
  private readonly listeners: EventListeners;
  readonly startedAt = new Date();
  private readonly startedAtMs: number;
  private readonly inputs = new InputQueue((input) => {
    for (const effect of this.conversation.handle(input, this.elapsedMs())) this.run(effect);
  });
  private readonly timer: NodeJS.Timeout;
  private readonly output: SoundOutput;
  private readonly upstream: Upstream;
  private live = false;
  private readonly runningTeam: RunningTeam | undefined;
  private lastAudio: Uint8Array = new Uint8Array();
  private begun = false;
  private ending: Ending | undefined;

  constructor(private readonly parts: SessionParts) {
    const { profile, settings, sound, reconnect, team } = parts;
    this.listeners = new EventListeners(parts.history?.length);
    this.startedAtMs = parts.now();
    this.voice = new VoiceInput(parts, {
      began: () => this.feed({ type: 'user.speech' }),
      sound: (pcm) => this.transmit(pcm),
      ended: () => this.feed({ type: 'user.commit' }),
      discarded: () => this.feed({ type: 'user.discard' }),
    });
    this.upstream = new Upstream(profile.inputRateHz, {
      send: (command) => this.connection.send(command),
      probe: (id) => this.connection.probe(id),
      bufferedBytes: () => this.connection.bufferedBytes,
      slow: (lostMs) => this.warn(slowNetwork(lostMs)),
    });
    this.modelSettings = new ModelSettings(parts, this.turns);
    this.conversation = new Conversation({
      ...parts,
      settings: this.modelSettings.settings(settings),
      reconnects: reconnect !== undefined,
      agent: team?.current.name,
    });
    const host: SoundOutputHost = {
      feed: (input) => this.heardOfSound(input),
      warn: (code, message, hint) => this.warn({ code, message, hint }),
      level: (side, level) => this.onLevel?.(side, level),
      frame: (audio) => this.hearLive(audio),
      deviceLost: () => this.voice.deviceLost(),
      log: (line) => parts.log?.(line),
    };
    this.output = new SoundOutput(sound, profile, host);
    const { ready } = this;
    const emit = (event: SessionEventBody): void => this.emit(event);
    this.runningTeam = team && new RunningTeam(team, parts, this.modelSettings, { ...host, emit, ready });
    this.connection = this.openConnection();
    this.timer = setInterval(() => this.tick(), tickMs);
    this.feed({ type: 'link.up' });
  }

  private openConnection(): ReconnectingLink {
    const { profile, link, reconnect, reconnectDelaysMs: delaysMs } = this.parts;
    const resumes = profile.resume !== 'none';
    const limitMs = profile.sessionLimitS === null ? null : profile.sessionLimitS * 1000;
    const host: ReconnectingLinkHost = {
      event: (event) => {
        this.voice.providerSpoke();
        this.feed({ type: 'model', event });
      },
      lost: ({ code, reason, ending }, retrying) => {
        this.upstream.reset();
        if (retrying) this.voice.linkLost();
        this.feed({ type: 'link.lost', code, reason, ending, retrying });
      },
      restored: (resume) => this.feed({ type: 'link.restored', resume }),
      trying: (attempt, of, delayMs, why) =>
        this.warn({ code: 'link.retrying', message: retryWords(attempt, of, delayMs, why) }),
      expires: (inMs) => this.feed({ type: 'link.expires', inMs }),
      probed: (id) => this.upstream.arrived(id),
      failed: (ending) => this.feed({ type: 'end', ending }),
    };
    return new ReconnectingLink({ link, reconnect, resumes, limitMs, delaysMs }, host);
  }

  get profile(): Profile {
    return this.parts.profile;
  }

  get turns(): TurnKeeper {
    return this.voice.keeper;
  }

  get sound(): VoiceSession['sound'] {
    return this.output.device;
  }

  get state(): SessionState {
    const { state } = this.conversation;
    return state === 'listening' && (this.muted || !this.output.hears) ? 'muted' : state;
  }

  get history(): readonly HistoryItem[] {
    return this.conversation.history;
  }

  get usage(): Usage {
    return this.conversation.usage;
  }

  get muted(): boolean {
    return this.voice.muted;
  }

  subscribe(listener: (event: SessionEvent) => void): () => void {
    return this.listeners.add(listener);
  }

  get onRaw(): VoiceSession['onRaw'] {
    return this.connection.onRaw;
  }

  set onRaw(listener: VoiceSession['onRaw']) {
    this.connection.onRaw = listener;
  }

  sendRaw(frame: string | Uint8Array): void {
    this.connection.sendRaw(frame);
  }

  approve(callId: string, answer?: ApprovalAnswer): boolean {
    return this.parts.tools.approve(callId, answer);
  }

  reject(callId: string, answer?: ApprovalAnswer & { readonly message?: string | undefined }): boolean {
    return this.parts.tools.reject(callId, answer);
  }

  updateHistory(change: HistoryItem[] | ((history: readonly HistoryItem[]) => HistoryItem[])): void {
    const items = typeof change === 'function' ? change(this.history) : change;
    checkReplacement(this.history, items);
    this.feed({ type: 'history.replaced', items });
  }

  async updateAgent(agent: Agent): Promise<void> {
    if (this.runningTeam === undefined) throw new Error('this session was started without agents');
    await this.runningTeam.updateAgent(agent);
  }

  sendText(text: string): void {
    this.feed({ type: 'user.text', text });
  }

  sendImage({ mime, data }: { readonly mime: string; readonly data: Uint8Array }): void {
    this.feed({ type: 'user.image', mime, data });
  }

  sendAudio(pcm: Uint8Array): void {
    if (this.hears) this.voice.hear(pcm);
  }

  private hearLive(frame: Uint8Array): void {
    this.live = true;
    if (this.hears) this.voice.frame(frame);
    this.live = false;
  }

  /** Whether sound can be sent. */
  private get hears(): boolean {
    if (this.profile.mediaElsewhere === true) return false;
    return this.conversation.state !== 'connecting' && this.ending === undefined;
  }

  private heardOfSound(input: Input): void {
    this.feed(input);
    // Without a speaker the answers were text only.
    if (input.type !== 'device.restored') return;
    this.feed({ type: 'settings.changed', settings: this.modelSettings.again() });
  }

  private transmit(pcm: Uint8Array): void {
    this.upstream.sound(pcm, this.live);
    this.onAudio?.('user', pcm, undefined);
  }

  drained(): Promise<void> {
    return this.connection.drained();
  }

  commit(): void {
    this.voice.commit();
  }

  respond(): void {
    this.feed({ type: 'answer.wanted' });
  }

  toggleTalk(): boolean {
    return this.voice.toggleTalk();
  }

  interrupt(): void {
    this.feed({ type: 'user.interrupt' });
  }

  setMuted(muted: boolean): void {
    this.voice.muted = muted;
    this.output.setMuted(muted);
  }

  end(ending: Ending = { exitCode: ExitCode.ok, reason: 'quit' }): Promise<Ending> {
    this.feed({ type: 'end', ending });
    return this.ended;
  }

  private feed(input: Input): void {
    this.inputs.add(input);
  }

  private run(effect: Effect): void {
    switch (effect.type) {
      case 'send':
        this.upstream.command(effect.command);
        break;
      case 'play':
        this.play(effect, effect.audio);
        break;
      case 'play.end':
        this.output.endPart(effect);
        break;
      case 'playback.clear':
        this.output.clear(effect.epoch);
        break;
      case 'tool.run':
        void this.parts.tools
          .run(
            effect,
            callWatch(effect.callId, (input) => this.feed(input)),
          )
          .then((outcome) =>
            this.feed({
              type: 'tool.ended',
              callId: effect.callId,
              outcome: this.modelSettings.outcome(outcome),
            }),
          );
        break;
      case 'tool.cancel':
        this.parts.tools.cancel(effect.callId, effect.reason);
        break;
      case 'echo.half-duplex':
        this.output.setHalfDuplex();
        break;
      case 'user.turn':
        this.voice.turn(effect.state);
        break;
      case 'reconnect':
        this.upstream.reset();
        this.voice.linkLost(effect.renewed);
        void this.connection.change(effect.renewed);
        break;
      case 'emit':
        this.emit(effect.event);
        break;
      case 'end':
        this.finish(effect.ending);
        break;
    }
  }

  private play({ itemId, contentIndex }: PartKey, audio: Uint8Array): void {
    const part = { itemId, contentIndex };
    this.lastAudio = audio;
    this.output.play(part, audio);
    this.onAudio?.('assistant', audio, part);
  }

  private emit(body: SessionEventBody): void {
    const event: SessionEvent = Object.assign(body, { at: this.elapsedMs() });
    if (event.type === 'assistant.audio' && this.parts.audioInEvents) {
      event.audio = Buffer.from(this.lastAudio).toString('base64');
    }
    this.listeners.tell(event);
    this.runningTeam?.heard(event);
    if (event.type === 'session.ready') {
      this.connection.ready();
      for (const note of this.parts.notes ?? []) this.warn(note);
      this.begun = true;
      this.accepted.resolve();
    }
    if (event.type === 'link.restored') {
      this.connection.ready();
      // Runs after this input, because the sound that was held back causes inputs of its own.
      queueMicrotask(() => {
        if (this.state === 'reconnecting') return;
        this.voice.linkRestored(({ spoken, lostMs }) => this.feed({ type: 'sound.resent', spoken, lostMs }));
      });
    }
  }

  private warn({ code, message, hint, facts }: Note): void {
    if (this.ending === undefined) this.emit({ type: 'warning', code, message, hint, facts });
  }

  private tick(): void {
    this.upstream.tick();
    this.feed({ type: 'tick' });
    if (this.conversation.state !== 'connecting' || this.elapsedMs() < readyPatienceMs) return;
    const message = `The server accepted the connection but never became ready.${this.listeners.firstProblem()}`;
    const hint = 'Check that the URL and the model belong to a realtime speech API.';
    this.feed({ type: 'end', ending: { exitCode: ExitCode.network, reason: 'not.ready', message, hint } });
  }

  private finish(ending: Ending): void {
    if (this.ending !== undefined) return;
    this.ending = ending;
    clearInterval(this.timer);
    this.runningTeam?.close();
    // Until the session has begun, connecting may be tried again with the same tools.
    if (this.begun) this.parts.tools.close();
    const closing = [
      this.output.close(),
      ...(this.begun && this.parts.team !== undefined ? [this.parts.team.close()] : []),
      this.connection.close().then(() => this.parts.closeAlso?.()),
    ];
    void settleInTime(closing).then(() => this.over.resolve(ending));
  }

  private elapsedMs(): number {
    return Math.round((this.parts.now() - this.startedAtMs) * 10) / 10;
  }
}
