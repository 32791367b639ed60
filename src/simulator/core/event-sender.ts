import type { Frame } from '../../contract/frame.js';
import type { Faults } from '../../engines/core/stages.js';
import type { Clock } from './clock.js';
import type { ServerEvent } from './server-event.js';

export interface Wire {
  send(frame: Frame): void;
  close(code: number, reason: string): void;
}

/**
 * Sends the events of a session, and injects the faults that a scenario asks for: the session itself stays a
 * well-behaved server.
 */
export class EventSender {
  private injected: { readonly responseId: string; readonly faults: Faults } | undefined;
  private deltas = 0;
  private lastDelta: ServerEvent | undefined;
  /** Events held back while a stall lasts. */
  private held: ServerEvent[] | undefined;
  private readonly timers: (() => void)[] = [];
  private closed = false;

  constructor(
    private readonly wire: Wire,
    /** What an event is on the wire. */
    private readonly encode: (event: ServerEvent) => readonly Frame[],
    private readonly clock: Clock,
  ) {}

  /** Applies faults to the events of one response. */
  injectFaults(responseId: string, faults: Faults): void {
    this.injected = { responseId, faults };
    this.deltas = 0;
    const { close } = faults;
    if (close !== undefined && close.afterDeltas === undefined) {
      this.timers.push(this.clock.after(close.afterMs ?? 0, () => this.close(close.code, close.reason)));
    }
  }

  send(event: ServerEvent): void {
    if (this.closed) return;
    if (this.held !== undefined) {
      this.held.push(event);
      return;
    }
    const faults = this.injected?.responseId === responseIdOf(event) ? this.injected?.faults : undefined;
    if (faults === undefined) this.write(event);
    else this.writeFaulty(event, faults);
  }

  /** Closes the connection from our side. */
  close(code: number, reason: string): void {
    if (this.closed) return;
    this.end();
    this.wire.close(code, reason);
  }

  /** Sends a frame that belongs to no answer, without faults. */
  sendFrame(frame: Frame): void {
    if (!this.closed) this.wire.send(frame);
  }

  /** Nothing is sent after this. */
  end(): void {
    this.closed = true;
    for (const cancelTimer of this.timers) cancelTimer();
  }

  private writeFaulty(event: ServerEvent, faults: Faults): void {
    if (event.type === 'response.created' && faults.dropResponseCreated === true) return;
    this.write(event);
    if (isDelta(event)) this.afterDelta(event, faults);
    if (event.type === 'response.done' && isCancelled(event) && this.lastDelta !== undefined) {
      for (let i = 0; i < (faults.strayDeltas ?? 0); i += 1) this.write(this.lastDelta);
    }
  }

  private afterDelta(event: ServerEvent, faults: Faults): void {
    this.deltas += 1;
    this.lastDelta = event;
    const { deltas } = this;
    if (faults.duplicateDelta === deltas) this.write(event);
    if (faults.garbage?.afterDeltas === deltas) this.wire.send(faults.garbage.frame);
    if (faults.error?.afterDeltas === deltas) {
      const { code, message } = faults.error;
      this.write({
        type: 'error',
        error: { type: 'server_error', code, message, param: null, event_id: null },
      });
    }
    if (faults.close?.afterDeltas === deltas) this.close(faults.close.code, faults.close.reason);
    if (faults.stall?.afterDeltas === deltas) this.hold(faults.stall.ms);
  }

  private hold(ms: number): void {
    this.held = [];
    this.timers.push(
      this.clock.after(ms, () => {
        const events = this.held ?? [];
        this.held = undefined;
        for (const event of events) this.send(event);
      }),
    );
  }

  private write(event: ServerEvent): void {
    for (const frame of this.encode(event)) this.wire.send(frame);
  }
}

function isDelta({ type }: ServerEvent): boolean {
  return type === 'response.output_audio.delta' || type === 'response.output_text.delta';
}

function responseIdOf(event: ServerEvent): unknown {
  return event.response_id ?? (isRecord(event.response) ? event.response.id : undefined);
}

function isCancelled(event: ServerEvent): boolean {
  return isRecord(event.response) && event.response.status === 'cancelled';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
