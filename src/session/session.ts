import type { Sound, SoundEvent } from '../audio/sound.js';
import type { TurnDetectorFactory } from '../audio/turn-detector.js';
import { VirtualSound } from '../audio/virtual-sound.js';
import { Conversation } from '../conversation/conversation.js';
import type { Effect } from '../conversation/effects.js';
import type { PartKey } from '../conversation/events.js';
import { type Ending, ExitCode } from '../conversation/exit.js';
import type { Input } from '../conversation/inputs.js';
import type { HistoryItem } from '../conversation/items.js';
import type { Profile } from '../conversation/profile.js';
import type { SessionEvent, SessionEventBody } from '../conversation/session-events.js';
import type { SessionSettings } from '../conversation/settings.js';
import type { TurnKeeper } from '../conversation/turn-keeper.js';
import type { Usage } from '../conversation/usage.js';
import type { Note } from '../providers/provider.js';
import type { ApprovalAnswer, CallWatch, ToolRunner } from '../tools/tool.js';
import { Line, type LineHost, type Reconnect } from './line.js';
import type { Link } from './link.js';
import { VoiceInput } from './voice-input.js';
import type { SessionState, VoiceSession } from './voice-session.js';

export interface SessionParts {
  readonly profile: Profile;
  readonly settings: SessionSettings;
  readonly link: Link;
  /** Absent: the session ends with its connection. */
  readonly reconnect?: Reconnect | undefined;
  /** Before each attempt at a new connection, in milliseconds. */
  readonly reconnectDelaysMs?: readonly number[] | undefined;
  /** Null: typed text and printed replies only. */
  readonly sound: Sound | null;
  readonly tools: ToolRunner;
  /** What the user has to know before the first word. */
  readonly notes?: readonly Note[] | undefined;
  /** Finds the turns where we do it ourselves. */
  readonly turnDetector?: TurnDetectorFactory | undefined;
  /** Fall back to half-duplex when the assistant hears itself. */
  readonly watchEcho: boolean;
  /** Put the samples into `assistant.audio` events. */
  readonly audioInEvents: boolean;
  /** Milliseconds from any origin, never backwards. */
  readonly now: () => number;
  /** What else has to be closed at the end: a server that runs inside this program. */
  readonly closeAlso?: (() => Promise<void>) | undefined;
  readonly log?: ((line: string) => void) | undefined;
}

const tickMs = 100;
/** Connected, but the provider never became ready. */
const readyPatienceMs = 20_000;
/** Closing everything may take this long before we leave anyway. */
const closePatienceMs = 2000;
/** Events kept for the first subscriber. */
const longestBacklog = 1000;

/**
 * Runs the effects of one conversation: the thin shell between the pure heart and link, player, tools and listeners. All
 * inputs go through one queue, so that an effect which answers at once cannot overtake its siblings.
 */
export class Session implements VoiceSession {
  onLevel: VoiceSession['onLevel'];
  onAudio: VoiceSession['onAudio'];
  readonly ended: Promise<Ending>;
  /** Resolves when the provider has accepted the settings; never, if the session ends before. */
  readonly ready: Promise<void>;
  private resolveEnded: (ending: Ending) => void = () => {};
  private resolveReady: () => void = () => {};
  private readonly conversation: Conversation;
  private readonly voice: VoiceInput;
  private readonly line: Line;
  private readonly listeners = new Set<(event: SessionEvent) => void>();
  private backlog: SessionEvent[] | undefined = [];
  readonly startedAt = new Date();
  private readonly startedAtMs: number;
  private readonly inputs: Input[] = [];
  private working = false;
  private readonly timer: NodeJS.Timeout;
  private speaker: Sound;
  private lastAudio: Uint8Array = new Uint8Array();
  private ending: Ending | undefined;

  constructor(private readonly parts: SessionParts) {
    const { profile, settings, watchEcho, sound, reconnect } = parts;
    this.startedAtMs = parts.now();
    this.voice = new VoiceInput(parts, {
      began: () => this.feed({ type: 'user.speech' }),
      sound: (pcm) => this.transmit(pcm),
      ended: () => this.feed({ type: 'user.commit' }),
      discarded: () => this.feed({ type: 'user.discard' }),
    });
    // Whoever ends the turns on this side must not be interrupted by the provider's own idea of them.
    const told: SessionSettings =
      this.turns === 'provider' ? settings : { ...settings, turnDetection: { type: 'none' } };
    const reconnects = reconnect !== undefined;
    this.conversation = new Conversation({ profile, settings: told, watchEcho, reconnects });
    this.ended = new Promise((resolve) => {
      this.resolveEnded = resolve;
    });
    this.ready = new Promise((resolve) => {
      this.resolveReady = resolve;
    });
    this.speaker = sound ?? instantSound(profile);
    this.speaker.onEvent = (event) => this.onSound(event);
    this.line = this.openLine();
    this.timer = setInterval(() => this.tick(), tickMs);
    this.feed({ type: 'link.up' });
  }

  private openLine(): Line {
    const { profile, link, reconnect, reconnectDelaysMs: delaysMs } = this.parts;
    const resumes = profile.resume !== 'none';
    const limitMs = profile.sessionLimitS === null ? null : profile.sessionLimitS * 1000;
    const host: LineHost = {
      event: (event) => this.feed({ type: 'model', event }),
      lost: ({ code, reason, ending }, retrying) => {
        if (retrying) this.voice.linkLost();
        this.feed({ type: 'link.lost', code, reason, ending, retrying });
      },
      restored: (resume) => this.feed({ type: 'link.restored', resume }),
      trying: (attempt, of, delayMs, why = 'The connection was lost.') =>
        this.warn(
          'link.retrying',
          // The reason may end with words of the server's, without a full stop.
          `${why.replace(/[^.!?…]$/, '$&.')} Connecting again in ${delayMs / 1000} s (attempt ${attempt} of ${of}).`,
        ),
      expires: (inMs) => this.feed({ type: 'link.expires', inMs }),
      failed: (ending) => this.feed({ type: 'end', ending }),
    };
    return new Line({ link, reconnect, resumes, limitMs, delaysMs }, host);
  }

  get profile(): Profile {
    return this.parts.profile;
  }

  get turns(): TurnKeeper {
    return this.voice.keeper;
  }

  get sound(): VoiceSession['sound'] {
    return this.speaker.backend === 'virtual' ? null : this.speaker;
  }

  get state(): SessionState {
    const { state } = this.conversation;
    return state === 'listening' && this.muted ? 'muted' : state;
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
    this.listeners.add(listener);
    // Whoever subscribes in the same turn as the first one (a screen and a recorder) gets the beginning, too.
    if (this.listeners.size === 1) setImmediate(() => (this.backlog = undefined));
    for (const event of [...(this.backlog ?? [])]) listener(event);
    return () => this.listeners.delete(listener);
  }

  get onRaw(): VoiceSession['onRaw'] {
    return this.line.onRaw;
  }

  set onRaw(listener: VoiceSession['onRaw']) {
    this.line.onRaw = listener;
  }

  sendRaw(frame: string | Uint8Array): void {
    this.line.sendRaw(frame);
  }

  approve(callId: string, answer?: ApprovalAnswer): boolean {
    return this.parts.tools.approve(callId, answer);
  }

  reject(callId: string, answer?: ApprovalAnswer & { readonly message?: string | undefined }): boolean {
    return this.parts.tools.reject(callId, answer);
  }

  updateHistory(change: HistoryItem[] | ((history: readonly HistoryItem[]) => HistoryItem[])): void {
    const items = typeof change === 'function' ? change(this.history) : change;
    this.feed({ type: 'history.replaced', items });
  }

  /** Other tools, other instructions, another agent. `settings` are complete. */
  changeSettings(settings: SessionSettings, agent?: { readonly from: string; readonly to: string }): void {
    this.feed({ type: 'settings.changed', settings, agent });
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

  /** There is somebody to send sound to. */
  private get hears(): boolean {
    return this.conversation.state !== 'connecting' && this.ending === undefined;
  }

  private transmit(pcm: Uint8Array): void {
    this.line.send({ type: 'audio.append', audio: pcm });
    this.onAudio?.('user', pcm, undefined);
  }

  drained(): Promise<void> {
    return this.line.drained();
  }

  commit(): void {
    this.voice.commit();
  }

  toggleTalk(): boolean {
    return this.voice.toggleTalk();
  }

  interrupt(): void {
    this.feed({ type: 'user.interrupt' });
  }

  setMuted(muted: boolean): void {
    this.voice.muted = muted;
    this.speaker.setMuted(muted);
  }

  end(ending: Ending = { exitCode: ExitCode.ok, reason: 'quit' }): Promise<Ending> {
    this.feed({ type: 'end', ending });
    return this.ended;
  }

  private feed(input: Input): void {
    this.inputs.push(input);
    if (this.working) return;
    this.working = true;
    try {
      for (let next = this.inputs.shift(); next !== undefined; next = this.inputs.shift()) {
        for (const effect of this.conversation.handle(next, this.elapsedMs())) this.run(effect);
      }
    } finally {
      this.working = false;
    }
  }

  private run(effect: Effect): void {
    switch (effect.type) {
      case 'send':
        this.line.send(effect.command);
        break;
      case 'play':
        this.play(effect, effect.audio);
        break;
      case 'play.end':
        this.speaker.endPart(effect);
        break;
      case 'playback.clear':
        this.speaker.clear(effect.epoch);
        break;
      case 'tool.run':
        void this.parts.tools
          .run(effect, this.watch(effect.callId))
          .then((outcome) => this.feed({ type: 'tool.ended', callId: effect.callId, outcome }));
        break;
      case 'tool.cancel':
        this.parts.tools.cancel(effect.callId, effect.reason);
        break;
      case 'echo.half-duplex':
        this.speaker.setEcho('half-duplex');
        break;
      case 'reconnect':
        this.voice.linkLost();
        void this.line.change(effect.anew);
        break;
      case 'emit':
        this.emit(effect.event);
        break;
      case 'end':
        this.finish(effect.ending);
        break;
    }
  }

  private watch(callId: string): CallWatch {
    return {
      approvalRequired: () => this.feed({ type: 'tool.approval.required', callId }),
      began: () => this.feed({ type: 'tool.began', callId }),
      progressed: (update) => this.feed({ type: 'tool.progressed', callId, ...update }),
      guardrailTripped: (guardrail, message) =>
        this.feed({ type: 'tool.guardrail.tripped', callId, guardrail, message }),
    };
  }

  private play({ itemId, contentIndex }: PartKey, audio: Uint8Array): void {
    const part = { itemId, contentIndex };
    this.lastAudio = audio;
    this.speaker.play(part, audio);
    this.onAudio?.('assistant', audio, part);
  }

  private emit(body: SessionEventBody): void {
    const event: SessionEvent = Object.assign(body, { at: this.elapsedMs() });
    if (event.type === 'assistant.audio' && this.parts.audioInEvents) {
      event.audio = Buffer.from(this.lastAudio).toString('base64');
    }
    if (this.backlog !== undefined && this.backlog.length < longestBacklog) this.backlog.push(event);
    for (const listener of this.listeners) listener(event);
    if (event.type === 'session.ready') {
      this.line.ready();
      for (const { code, message, hint } of this.parts.notes ?? []) this.warn(code, message, hint);
      this.resolveReady();
    }
    if (event.type === 'link.restored') {
      this.line.ready();
      // After this input: what was said meanwhile begins with inputs of its own.
      queueMicrotask(() => {
        if (this.state !== 'reconnecting') this.voice.linkRestored();
      });
    }
  }

  private warn(code: string, message: string, hint?: string): void {
    if (this.ending === undefined) this.emit({ type: 'warning', code, message, hint });
  }

  private onSound(event: SoundEvent): void {
    switch (event.type) {
      case 'frame':
        this.onLevel?.('input', event.level);
        if (this.hears) this.voice.frame(event.audio, this.line.bufferedBytes);
        break;
      case 'rendered':
        this.onLevel?.('output', event.level);
        this.feed({ type: 'playback.rendered', parts: event.parts });
        break;
      case 'cleared':
        this.feed({ type: 'playback.cleared', epoch: event.epoch, parts: event.parts });
        break;
      case 'drained':
        this.onLevel?.('output', 0);
        this.feed({ type: 'playback.drained' });
        break;
      case 'underrun':
        this.parts.log?.(`playback ran dry ${event.count} times`);
        break;
      case 'silent':
        this.warn('microphone.silent', event.message, event.hint);
        break;
      case 'lost':
        this.voice.deviceLost();
        this.feed({ type: 'device.lost', message: event.message });
        break;
      case 'restored':
        this.feed({ type: 'device.restored', message: event.message });
        break;
      case 'failed':
        this.loseSound(event.message, event.hint);
        break;
    }
  }

  /** Without a device the talk goes on in writing. */
  private loseSound(message: string, hint: string): void {
    this.voice.deviceLost();
    this.feed({ type: 'device.lost', message });
    void this.speaker.close();
    this.speaker = instantSound(this.profile);
    this.speaker.onEvent = (event) => this.onSound(event);
    this.warn('device.failed', 'The conversation goes on with typed text.', hint);
  }

  private tick(): void {
    this.feed({ type: 'tick' });
    if (this.conversation.state !== 'connecting' || this.elapsedMs() < readyPatienceMs) return;
    const message = `The server accepted the connection but never became ready.${this.firstComplaint()}`;
    const hint = 'Check that the URL and the model belong to a realtime speech API.';
    this.feed({ type: 'end', ending: { exitCode: ExitCode.network, reason: 'not.ready', message, hint } });
  }

  /** What went wrong first, while nobody was listening yet. */
  private firstComplaint(): string {
    const complaint = this.backlog?.find(({ type }) => type === 'error' || type === 'warning');
    if (complaint?.type === 'error') return ` It says: ${complaint.message}`;
    return complaint?.type === 'warning' ? ` ${complaint.message}` : '';
  }

  private finish(ending: Ending): void {
    if (this.ending !== undefined) return;
    this.ending = ending;
    clearInterval(this.timer);
    this.parts.tools.close();
    const closing = Promise.allSettled([
      this.speaker.close(),
      this.line.close().then(() => this.parts.closeAlso?.()),
    ]);
    const patience = setTimeout(() => this.resolveEnded(ending), closePatienceMs);
    void closing.then(() => {
      clearTimeout(patience);
      this.resolveEnded(ending);
    });
  }

  private elapsedMs(): number {
    return Math.round((this.parts.now() - this.startedAtMs) * 10) / 10;
  }
}

function instantSound({ outputRateHz }: Profile): Sound {
  return new VirtualSound({ outputRateHz, pace: 'instant' });
}
