import type { Command } from '../../contract/commands.js';
import type { ModelEvent } from '../../contract/events.js';
import { type Ending, ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { Frame } from '../../contract/frame.js';
import type { RawMessage } from '../voice-session.js';
import { unavailable } from './close-meaning.js';
import type { Link, LinkClosed } from './link.js';

/** Before each attempt at a new connection, in milliseconds. */
const defaultDelaysMs = [500, 1000, 2000, 4000, 8000] as const;
/** After a connection that lasted this long, the next attempt follows as soon as the first one did. */
const stableMs = 30_000;
/** One that was ready for this long has worked: all attempts are available again. */
const workedMs = 1000;
/** Time limit for a provider to become ready after connecting. */
const readyPatienceMs = 20_000;
/** An expiry sooner than this after the connection began means that a clock is wrong. */
const shortestLifeMs = 120_000;

/**
 * Opens a new connection for the same conversation. `resume`: the id to resume; `onRaw`: receives its messages from the
 * first one on.
 */
export type Reconnect = (
  resume: string | undefined,
  signal: AbortSignal,
  onRaw: Link['onRaw'],
) => Promise<Link>;

export interface ReconnectingLinkOptions {
  readonly link: Link;
  /** Absent: the first connection is the only one. */
  readonly reconnect?: Reconnect | undefined;
  /** The provider can resume a conversation by its id. */
  readonly resumes: boolean;
  /** Known maximum duration of a connection, for servers that do not announce its end. */
  readonly limitMs: number | null;
  readonly delaysMs?: readonly number[] | undefined;
}

export interface ReconnectingLinkHost {
  event(event: ModelEvent): void;
  /** `retrying`: a new connection is being made. */
  lost(closed: Pick<LinkClosed, 'code' | 'reason' | 'ending'>, retrying: boolean): void;
  /** A new connection is up; `resume` is the id that it was asked to resume. */
  restored(resume: string | undefined): void;
  /** Another attempt follows after this many milliseconds. `why`: what happened, if known. */
  trying(attempt: number, of: number, delayMs: number, why: string | undefined): void;
  /** The time at which the connection will end. */
  expires(inMs: number): void;
  /** The answer to a probe, see {@link Link.probe}. */
  probed?(id: number): void;
  /** Reconnecting is impossible. */
  failed(ending: Ending): void;
}

/** The connection of one conversation to the provider, made of one link after another. */
export class ReconnectingLink {
  private link: Link | undefined;
  private readonly stop = new AbortController();
  private readonly delaysMs: readonly number[];
  private resume: string | undefined;
  /** The id that the current link was asked to resume. */
  private asked: string | undefined;
  private earlier = 0;
  /** Attempts since there was a connection that worked. */
  private tries = 0;
  /** Attempts since there was a stable connection; the delays grow with them. */
  private unstable = 0;
  private readySinceMs: number | undefined;
  private readyTimer: NodeJS.Timeout | undefined;
  private expiryKnown = false;
  private rawListener: ((message: RawMessage) => void) | undefined;

  constructor(
    private readonly options: ReconnectingLinkOptions,
    private readonly host: ReconnectingLinkHost,
  ) {
    this.delaysMs = options.delaysMs ?? defaultDelaysMs;
    this.rawListener = options.link.onRaw;
    this.attach(options.link);
  }

  /** Whether a connection that breaks is replaced. */
  private get retries(): boolean {
    return this.options.reconnect !== undefined && this.delaysMs.length > 0;
  }

  /** Whether the current connection has lasted long enough for the delays to begin again. */
  private get stable(): boolean {
    return this.readyMs >= stableMs;
  }

  /** How long the current connection has been ready. */
  private get readyMs(): number {
    return this.readySinceMs === undefined ? 0 : performance.now() - this.readySinceMs;
  }

  /** A connection is over: whether it counts as one that worked. */
  private settleAttempts(): void {
    if (this.readyMs >= workedMs) this.tries = 0;
    if (this.stable) this.unstable = 0;
  }

  get bufferedBytes(): number {
    return this.link?.bufferedBytes ?? 0;
  }

  send(command: Command): void {
    this.link?.send(command);
  }

  probe(id: number): boolean {
    return this.link?.probe?.(id) ?? false;
  }

  sendRaw(frame: Frame): void {
    this.link?.sendRaw(frame);
  }

  /** Every message on the wire, of the current link. Messages are only prepared while there is a listener. */
  get onRaw(): Link['onRaw'] {
    return this.rawListener;
  }

  set onRaw(listener: Link['onRaw']) {
    this.rawListener = listener;
    if (this.link !== undefined) this.link.onRaw = listener;
  }

  async drained(): Promise<void> {
    await this.link?.drained();
  }

  /** The provider is ready to talk on the current link. */
  ready(): void {
    clearTimeout(this.readyTimer);
    this.readySinceMs = performance.now();
    const { limitMs } = this.options;
    if (limitMs !== null && !this.expiryKnown) this.host.expires(limitMs);
  }

  /**
   * Replaces a link that is about to end. It is closed first, because some providers refuse two connections at a time.
   * `fresh`: the session itself asks for the change, and the new link does not resume the conversation.
   */
  async change(fresh = false): Promise<void> {
    const old = this.link;
    const { stable } = this;
    this.settleAttempts();
    if (fresh) {
      this.tries = 0;
      this.unstable = 0;
      this.resume = undefined;
    }
    // A server that ends every connection immediately must not be contacted again without a pause.
    const atOnce = this.unstable === 0 && (stable || fresh || this.earlier === 0);
    this.leave();
    this.readySinceMs = undefined;
    await old?.close();
    await this.renew(atOnce ? 0 : undefined);
  }

  /** Resolves when the last link is closed. Safe to call twice. */
  async close(): Promise<void> {
    this.stop.abort();
    clearTimeout(this.readyTimer);
    await this.link?.close();
  }

  private attach(link: Link): void {
    this.link = link;
    this.readySinceMs = undefined;
    this.expiryKnown = false;
    link.onEvent = (event) => {
      if (link !== this.link) return;
      if (this.refusesToTakeUp(event)) {
        this.beginAnew(link, event.message);
        return;
      }
      this.note(event);
      this.host.event(event);
    };
    link.onRaw = this.rawListener;
    link.onProbed = (id) => {
      if (link === this.link) this.host.probed?.(id);
    };
    link.onClosed = (closed) => this.onClosed(link, closed);
  }

  private refusesToTakeUp(event: ModelEvent): event is Extract<ModelEvent, { type: 'error' }> {
    if (event.type !== 'error' || !event.fatal || event.cause === 'credentials') return false;
    return this.readySinceMs === undefined && this.asked !== undefined;
  }

  private beginAnew(link: Link, message: string): void {
    this.resume = undefined;
    void link.close();
    this.letGo(
      { code: 1000, reason: '', ending: { exitCode: ExitCode.refused, reason: 'refused', message } },
      true,
    );
  }

  private note(event: ModelEvent): void {
    if (event.type === 'resume.handle') this.resume = event.handle;
    if (event.type !== 'session.created' && event.type !== 'session.updated') return;
    if (event.expiresAtMs === undefined) return;
    const inMs = event.expiresAtMs - Date.now();
    if (inMs < shortestLifeMs) return;
    this.expiryKnown = true;
    this.host.expires(inMs);
  }

  private onClosed(link: Link, closed: LinkClosed): void {
    if (link !== this.link || this.stop.signal.aborted) return;
    const wasReady = this.readySinceMs !== undefined;
    this.settleAttempts();
    const untaken = !wasReady && this.asked !== undefined;
    // The server may be refusing the id that it was asked to resume.
    if (untaken && !closed.retryable) this.resume = undefined;
    const first = !wasReady && this.earlier === 0;
    const retrying = this.retries && !first && (closed.retryable || untaken);
    this.letGo(closed, retrying);
  }

  private letGo(closed: Pick<LinkClosed, 'code' | 'reason' | 'ending'>, retrying: boolean): void {
    clearTimeout(this.readyTimer);
    this.leave();
    this.readySinceMs = undefined;
    this.host.lost(closed, retrying);
    if (retrying) void this.renew(undefined, closed.ending);
  }

  /** Detaches the old link: its remaining messages are ignored. */
  private leave(): void {
    if (this.link !== undefined) this.link.onRaw = undefined;
    this.link = undefined;
  }

  /**
   * Tries until there is a connection or all attempts have failed. `delayMs`: before the first attempt, instead of the
   * usual delay.
   */
  private async renew(delayMs?: number, why?: Ending): Promise<void> {
    let last = why;
    for (let next = delayMs; !this.stop.signal.aborted; next = undefined) {
      const usual = this.delaysMs[Math.min(this.unstable, this.delaysMs.length - 1)];
      if (next === undefined && this.tries >= this.delaysMs.length) {
        this.host.failed(exhausted(this.tries, last));
        return;
      }
      if (next === undefined) {
        this.tries += 1;
        this.unstable += 1;
        this.host.trying(this.tries, this.delaysMs.length, usual ?? 0, last?.message);
      }
      await pause(next ?? usual ?? 0, this.stop.signal);
      const outcome = await this.attempt();
      if (outcome === undefined) return;
      if (!this.isWorthAnother(outcome)) {
        this.host.failed(outcome);
        return;
      }
      last = outcome;
    }
  }

  private isWorthAnother({ exitCode, reason }: Ending): boolean {
    // The server may be refusing the id that it was asked to resume.
    const refused = exitCode === ExitCode.refused && reason !== unavailable;
    if (this.asked !== undefined && (refused || reason === 'link.failed')) {
      this.resume = undefined;
      return true;
    }
    return exitCode === ExitCode.network || reason === unavailable;
  }

  /** Returns why there is no connection; undefined if there is one, or the session has been closed. */
  private async attempt(): Promise<Ending | undefined> {
    const { reconnect, resumes } = this.options;
    const { signal } = this.stop;
    if (reconnect === undefined || signal.aborted) return undefined;
    this.asked = resumes ? this.resume : undefined;
    try {
      const link = await reconnect(this.asked, signal, this.rawListener);
      if (signal.aborted) {
        await link.close();
        return undefined;
      }
      this.earlier += 1;
      this.attach(link);
      this.readyTimer = setTimeout(() => this.giveUp(link), readyPatienceMs);
      this.host.restored(this.asked);
      return undefined;
    } catch (error) {
      return signal.aborted ? undefined : endingOfFailure(error);
    }
  }

  /** The link is open, but the provider does not become ready. */
  private giveUp(link: Link): void {
    if (link !== this.link) return;
    const message = 'The server accepted the connection but never became ready.';
    void link.close();
    this.letGo(
      { code: 1006, reason: '', ending: { exitCode: ExitCode.network, reason: 'not.ready', message } },
      true,
    );
  }
}

function exhausted(tries: number, last: Ending | undefined): Ending {
  const why = last?.message === undefined ? '' : ` ${last.message}`;
  if (tries === 0 && last !== undefined) return last;
  return {
    exitCode: ExitCode.network,
    reason: 'link.lost',
    message: `The connection was lost, and ${tries} attempts at a new one failed.${why}`,
    hint: last?.hint ?? 'Start again to continue.',
    facts: last?.facts,
  };
}

function endingOfFailure(error: unknown): Ending {
  if (error instanceof VoxtermError) {
    const { exitCode, code: reason, message, hint, facts } = error;
    return { exitCode, reason, message, hint, facts };
  }
  const message = error instanceof Error ? error.message : 'unknown reason';
  return { exitCode: ExitCode.unexpected, reason: 'unexpected', message };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
