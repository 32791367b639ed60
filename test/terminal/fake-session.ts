import type { Ending } from '../../src/contract/exit.js';
import type { HistoryItem } from '../../src/contract/items.js';
import type { Profile } from '../../src/contract/profile.js';
import type { SessionEvent, SessionEventBody } from '../../src/contract/session-events.js';
import { noUsage, type Usage } from '../../src/contract/usage.js';
import type { SessionState, VoiceSession } from '../../src/session/voice-session.js';
import { fullProfile } from '../conversation/support/profiles.js';

const fakeProfile: Profile = { ...fullProfile, provider: 'fake', model: 'parrot-1', images: null };

const fakeSound = { backend: 'fake', inputName: 'Fake microphone', outputName: 'Fake speaker' };

export interface FakeSessionOptions {
  readonly profile?: Partial<Profile>;
  readonly sound?: VoiceSession['sound'];
  /** Called for everything the terminal asks of the session, for example `sendText hello`. */
  readonly onCall?: (call: string) => void;
  /** `end` never finishes. */
  readonly hangs?: boolean;
}

/** A session without a provider: the test decides what happens, and sees what was called. */
export class FakeSession implements VoiceSession {
  readonly startedAt: Date = new Date();
  /** Time of the next event, in milliseconds. */
  nowMs = 0;
  readonly profile: Profile;
  readonly sound: VoiceSession['sound'];
  readonly history: HistoryItem[] = [];
  readonly calls: string[] = [];
  readonly ended: Promise<Ending>;
  state: SessionState = 'listening';
  usage: Usage = noUsage;
  muted = false;
  onLevel: VoiceSession['onLevel'];
  onAudio: VoiceSession['onAudio'];
  onRaw: VoiceSession['onRaw'];
  private talking = false;
  private readonly listeners = new Set<(event: SessionEvent) => void>();
  private resolveEnded: (ending: Ending) => void = () => {};

  constructor(private readonly options: FakeSessionOptions = {}) {
    this.profile = { ...fakeProfile, ...options.profile };
    this.sound = options.sound === undefined ? fakeSound : options.sound;
    this.ended = new Promise((resolve) => {
      this.resolveEnded = resolve;
    });
  }

  get turns(): VoiceSession['turns'] {
    return this.profile.turns === 'none' ? 'hand' : 'provider';
  }

  /** Emits events. */
  emit(...events: SessionEventBody[]): void {
    for (const body of events) for (const listener of this.listeners) listener({ ...body, at: this.nowMs });
  }

  subscribe(listener: (event: SessionEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  approve(callId: string, answer: { readonly always?: boolean | undefined } = {}): boolean {
    this.call(`approve ${callId}${answer.always === true ? ' always' : ''}`);
    return true;
  }

  reject(callId: string): boolean {
    this.call(`reject ${callId}`);
    return true;
  }

  updateHistory(): void {}

  sendRaw(frame: string | Uint8Array): void {
    this.call(`sendRaw ${String(frame)}`);
  }

  sendImage({ mime, data }: { readonly mime: string; readonly data: Uint8Array }): void {
    this.call(`sendImage ${mime} ${data.byteLength}`);
  }

  async updateAgent(): Promise<void> {}
  sendText(text: string): void {
    this.call(`sendText ${text}`);
    const itemId = `typed${this.calls.length}`;
    this.emit(
      {
        type: 'history.updated',
        change: 'added',
        item: { kind: 'message', itemId, role: 'user', text, state: 'done' },
        index: this.history.length,
      },
      { type: 'user.transcript.done', itemId, text, typed: true },
    );
  }

  sendAudio(pcm: Uint8Array): void {
    this.call(`sendAudio ${pcm.length}`);
  }

  async drained(): Promise<void> {}

  commit(): void {
    this.call('commit');
  }

  respond(): void {
    this.call('respond');
  }

  toggleTalk(): boolean {
    this.talking = !this.talking;
    this.call(`toggleTalk ${this.talking}`);
    return this.talking;
  }

  interrupt(): void {
    this.call('interrupt');
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
    this.call(`setMuted ${muted}`);
  }

  end(ending: Ending = { exitCode: 0, reason: 'quit' }): Promise<Ending> {
    this.call(`end ${ending.reason}`);
    if (this.options.hangs === true) return this.ended;
    this.state = 'ended';
    const { exitCode, reason, message } = ending;
    this.emit({ type: 'session.ended', exitCode, reason, message });
    this.resolveEnded(ending);
    return this.ended;
  }

  private call(call: string): void {
    this.calls.push(call);
    this.options.onCall?.(call);
  }
}
