import type { ModelEvent } from '../contract/events.js';
import type { Profile } from '../contract/profile.js';
import type { SessionEventBody } from '../contract/session-events.js';
import type { Outbox } from './core/outbox.js';
import type { Persona } from './core/persona.js';

/** `session.created` to `session.updated`; some compatible servers never confirm. */
const settingsPatienceMs = 10_000;

type Greeting = Extract<ModelEvent, { type: 'session.created' | 'session.updated' }>;

/** The first messages on every connection: who speaks first, and whether our settings are in force. */
export class Opening {
  /** The server has said something about the session. */
  private greeted = false;
  private sent: { readonly eventId: string; readonly atMs: number } | undefined;
  private session: { id: string; model?: string; voice?: string; expiresAtMs?: number } = { id: '' };

  constructor(
    private readonly out: Outbox,
    private readonly profile: Profile,
    private readonly persona: Persona,
  ) {}

  /** The settings have not been sent yet: they may still become others. */
  get early(): boolean {
    return this.sent === undefined;
  }

  /** A connection is up. */
  connected(): void {
    this.greeted = false;
    this.sent = undefined;
    if (this.profile.speaksFirst === 'client') this.send();
  }

  created(event: Extract<ModelEvent, { type: 'session.created' }>): void {
    this.session.id = event.sessionId;
    this.greeted = true;
    this.learn(event);
    if (this.sent === undefined) this.send();
  }

  /** The settings are in force. A server that says so without having greeted has not got them yet. */
  updated(event: Extract<ModelEvent, { type: 'session.updated' }>): void {
    this.learn(event);
    if (this.sent === undefined) this.send();
  }

  private learn({ model, voice, expiresAtMs }: Greeting): void {
    if (model !== undefined) this.session.model = model;
    if (voice !== undefined) this.session.voice = voice;
    if (expiresAtMs !== undefined) this.session.expiresAtMs = expiresAtMs;
  }

  /** The server has had its time to confirm the settings. One that waits for them has no session without. */
  get overdue(): boolean {
    return this.greeted && this.sent !== undefined && this.out.nowMs - this.sent.atMs >= settingsPatienceMs;
  }

  /** Until they are confirmed the settings are all we have sent, so an error that names nothing is about them, too. */
  refused({ eventId, source }: Extract<ModelEvent, { type: 'error' }>): boolean {
    if (!this.greeted || this.sent === undefined || source !== 'provider') return false;
    return eventId === undefined || eventId === this.sent.eventId;
  }

  /** The settings have changed before they were in force. */
  again(): void {
    this.send();
  }

  get readyEvent(): Extract<SessionEventBody, { type: 'session.ready' }> {
    const { provider, model, inputRateHz, outputRateHz } = this.profile;
    const { id, voice, expiresAtMs } = this.session;
    return {
      type: 'session.ready',
      provider,
      model: this.session.model ?? model,
      sessionId: id,
      inputRateHz,
      outputRateHz,
      ...(voice === undefined ? {} : { voice }),
      ...(expiresAtMs === undefined ? {} : { expiresAt: expiresAtMs }),
    };
  }

  private send(): void {
    const eventId = this.out.newId('settings');
    this.sent = { eventId, atMs: this.out.nowMs };
    this.out.send({ type: 'session.update', settings: this.persona.begin(), eventId });
  }
}
