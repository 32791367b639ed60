import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { adviceOn, advisedEnding } from '../../cli/advice.js';
import type { ModelEvent } from '../../contract/events.js';
import { type Ending, ExitCode } from '../../contract/exit.js';
import type { Profile } from '../../contract/profile.js';
import type { SessionSettings } from '../../contract/settings.js';
import type { ConnectionSettings, Endpoint, Provider } from '../../providers/provider.js';
import { connectFailure } from '../../session/link/connect-failure.js';
import type { Link } from '../../session/link/link.js';
import { openLink } from '../../session/link/open-link.js';
import { proxyFor } from '../../session/link/proxy.js';
import type { Finding } from './check.js';
import { refusedSetting } from './refused-setting.js';

type ErrorEvent = Extract<ModelEvent, { type: 'error' }>;
type News = Extract<ModelEvent, { type: 'session.created' | 'session.updated' }>;

/** The result of waiting for one of the server's first events. */
type Outcome =
  | { readonly kind: 'arrived'; readonly news: News; readonly ms: number }
  | { readonly kind: 'refused'; readonly error: ErrorEvent }
  | { readonly kind: 'closed'; readonly ending: Ending }
  | { readonly kind: 'silent' };

/** Starts a session step by step, and ends it before asking anything, so that it costs nothing. */
export class FirstContact {
  private link: Link | undefined;
  private running: { stop(): Promise<void> } | undefined;
  /** Everything received so far, for later steps. */
  private readonly heard: News[] = [];
  private trouble: Outcome | undefined;
  /** A description of the first message that could not be understood. */
  private foreign: string | undefined;
  private stir = (): void => {};

  constructor(
    private readonly provider: Provider,
    private readonly connection: ConnectionSettings,
    readonly profile: Profile,
    /** How long the server may take for each of its first events. */
    private readonly patienceMs: number,
  ) {}

  /** @throws VoxtermError exit 3 if the key or URL is not what the provider needs. */
  endpoint(): Endpoint {
    return this.provider.endpoint(this.connection);
  }

  async findAddress(): Promise<Finding> {
    const { url } = this.endpoint();
    const { hostname, host, protocol } = new URL(url);
    const proxy = await proxyFor(url, this.connection.env);
    const encrypted = protocol === 'wss:' ? 'encrypted' : 'not encrypted';
    if (proxy !== undefined) {
      // The proxy resolves host names.
      return { status: 'ok', detail: `${host}, ${encrypted}, through the proxy ${proxy.host}` };
    }
    const name = hostname.replace(/^\[|\]$/g, '');
    if (isIP(name) !== 0) return { status: 'ok', detail: `${host}, ${encrypted}` };
    const begunMs = performance.now();
    try {
      const { address } = await lookup(name);
      return { status: 'ok', detail: `${host} is ${address}, ${encrypted}; found in ${since(begunMs)}` };
    } catch (error) {
      throw error instanceof Error ? connectFailure(error, url, undefined) : error;
    }
  }

  /** Connects: TCP, TLS, the key, the model. */
  async shakeHands(signal: AbortSignal): Promise<Finding> {
    const { provider, connection, profile } = this;
    const begunMs = performance.now();
    const running = await provider.start?.(connection);
    this.running = running;
    const endpoint = running?.endpoint ?? this.endpoint();
    const link = await openLink({
      provider,
      connection,
      profile,
      endpoint,
      signal,
      connectTimeoutMs: this.patienceMs,
    });
    this.link = link;
    link.onClosed = ({ ending }) => this.stop({ kind: 'closed', ending });
    link.onEvent = (event) => this.listen(event);
    return { status: 'ok', detail: `connected in ${since(begunMs)}` };
  }

  async greet(): Promise<Finding> {
    const outcome = await this.wait('session.created');
    if (outcome.kind !== 'arrived') return this.failure(outcome);
    const { model } = outcome.news;
    const other = model !== undefined && model !== this.connection.model ? `, with the model ${model}` : '';
    return { status: 'ok', detail: `session opened in ${outcome.ms} ms${other}` };
  }

  /** Sends the settings that a conversation would send, and waits until they are confirmed. */
  async settle(settings: SessionSettings): Promise<Finding> {
    this.link?.send({ type: 'session.update', settings, eventId: 'doctor_settings' });
    const outcome = await this.wait('session.updated');
    if (outcome.kind === 'arrived') {
      return { status: 'ok', detail: `accepted in ${outcome.ms} ms` };
    }
    const { error } = outcome.kind === 'refused' ? outcome : {};
    if (error !== undefined && error.cause === undefined && error.hint === undefined) {
      return refusedSetting(error, settings, this.profile);
    }
    if (outcome.kind === 'silent' && this.heard.length > 0) {
      return {
        status: 'warning',
        detail: `not confirmed within ${this.patienceMs / 1000} s`,
        remedy:
          'A conversation begins anyway; whether voice, instructions and tools count, the server does not say.',
      };
    }
    return this.failure(outcome);
  }

  async leave(): Promise<void> {
    await this.link?.close();
    await this.running?.stop();
  }

  private listen(event: ModelEvent): void {
    switch (event.type) {
      case 'session.created':
      case 'session.updated':
        this.heard.push(event);
        this.stir();
        break;
      case 'error':
        if (event.source === 'protocol') this.foreign ??= event.message;
        else if (event.cause !== 'harmless') this.stop({ kind: 'refused', error: event });
        break;
      case 'session.ended':
        this.stop({
          kind: 'closed',
          ending: { exitCode: ExitCode.network, reason: 'ended', message: event.reason },
        });
        break;
      case 'other':
        this.foreign ??= `it sent "${event.name}".`;
        break;
      default:
    }
  }

  /** Only the first error counts: what follows, such as the server closing, is a consequence of it. */
  private stop(trouble: Outcome): void {
    this.trouble ??= trouble;
    this.stir();
  }

  private async wait(type: News['type']): Promise<Outcome> {
    const begunMs = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<Outcome>((resolve) => {
      timer = setTimeout(() => resolve({ kind: 'silent' }), this.patienceMs);
    });
    const word = new Promise<Outcome>((resolve) => {
      this.stir = () => {
        const news = this.heard.find((heard) => heard.type === type);
        if (news !== undefined)
          resolve({ kind: 'arrived', news, ms: Math.round(performance.now() - begunMs) });
        else if (this.trouble !== undefined) resolve(this.trouble);
      };
    });
    this.stir();
    const outcome = await Promise.race([word, silence]);
    clearTimeout(timer);
    return outcome;
  }

  private failure(outcome: Exclude<Outcome, { kind: 'arrived' }>): Finding {
    switch (outcome.kind) {
      case 'refused': {
        const { message, cause } = outcome.error;
        const remedy = adviceOn(outcome.error) ?? tryOthers;
        return { status: 'failed', detail: message, remedy, exitCode: exitCodeOf(cause) };
      }
      case 'closed': {
        const { exitCode, message = 'The server ended the session.', hint } = advisedEnding(outcome.ending);
        // "Start again" does not help with a session that never began.
        const remedy = exitCode === ExitCode.network ? closedAtOnce : (hint ?? tryOthers);
        return { status: 'failed', detail: message, remedy, exitCode };
      }
      case 'silent':
        return {
          status: 'failed',
          detail:
            this.foreign === undefined
              ? `The server accepts the connection, but has said nothing for ${this.patienceMs / 1000} s.`
              : `The server speaks another protocol: ${this.foreign}`,
          remedy: this.foreign === undefined ? silent : otherProtocol,
          exitCode: ExitCode.network,
        };
    }
  }
}

const tryOthers = 'Check key, model (--model) and address (--url).';
const closedAtOnce = `${tryOthers} If all of them are right, the service is in trouble: try again in a moment.`;
const silent =
  'Check that this is a realtime server and that it has the model (--url, --model), or try again later.';
const otherProtocol = 'Check that address and provider belong together (--url, --provider).';

function exitCodeOf(cause: ErrorEvent['cause']): ExitCode {
  if (cause === 'credentials') return ExitCode.configuration;
  return cause === 'expired' ? ExitCode.network : ExitCode.refused;
}

function since(begunMs: number): string {
  return `${Math.round(performance.now() - begunMs)} ms`;
}
