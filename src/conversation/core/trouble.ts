import type { ModelEvent } from '../../contract/events.js';
import { type Ending, ExitCode } from '../../contract/exit.js';
import type { Outbox } from './outbox.js';

type ErrorEvent = Extract<ModelEvent, { type: 'error' }>;

/** Unreadable frames are told this often; a hostile server must not fill the screen. */
const mostProtocolWarnings = 3;
/** So are errors within this time: a server may refuse every frame of sound, fifty times a second. */
const mostErrors = 5;
const errorWindowMs = 10_000;

const incomplete: Readonly<Record<string, string>> = {
  max_output_tokens: 'The answer was cut off at the token limit.',
  content_filter: "The answer was cut off by the provider's content filter.",
};

/** The same for an answer of which nothing came. */
const empty: Readonly<Record<string, string>> = {
  max_output_tokens: 'The answer reached the token limit before its first word.',
  content_filter: "The provider's content filter stopped the answer before its first word.",
  refusal: 'The model refused to answer.',
};

/** What went wrong, in words for the user; decides what ends the session and with which code. */
export class Trouble {
  private protocolWarnings = 0;
  private errors = 0;
  private toldExperimental = false;
  private errorsSinceMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly out: Outbox) {}

  fatal({ code, message, hint, facts, cause }: ErrorEvent): Ending {
    this.out.emit({ type: 'error', code, message, hint, facts, fatal: true });
    const words = { message, hint, facts };
    if (cause === 'credentials') {
      return { exitCode: ExitCode.configuration, reason: 'credentials', ...words };
    }
    if (cause === 'expired') return { exitCode: ExitCode.network, reason: 'session.expired', ...words };
    return { exitCode: ExitCode.refused, reason: 'refused', ...words };
  }

  /** A response that did not complete as it should. `saidNothing`: it held no word, no sound and no call. */
  response(event: Extract<ModelEvent, { type: 'response.done' }>, saidNothing: boolean): void {
    const { status, reason, error } = event;
    if (status === 'failed') {
      this.out.emit({
        type: 'error',
        code: error?.code ?? 'response.failed',
        message: error?.message ?? 'The model could not answer.',
        fatal: false,
      });
    } else if (saidNothing && reason === 'nothing_heard') {
      // A cough is not a question.
    } else if (saidNothing && status !== 'cancelled') {
      this.empty(reason);
    } else if (status === 'incomplete') {
      const message =
        incomplete[reason ?? ''] ?? `The answer is incomplete (${reason ?? 'no reason given'}).`;
      this.out.emit({ type: 'warning', code: 'response.incomplete', message });
    }
  }

  private empty(reason: string | undefined): void {
    const unknown =
      reason === undefined
        ? 'The model ended its answer without a word.'
        : `The model ended its answer without a word (${reason}).`;
    this.out.emit({
      type: 'warning',
      code: 'response.empty',
      message: empty[reason ?? ''] ?? unknown,
      hint: 'Say or type it again, in other words.',
    });
  }

  settingsRefused(message: string): void {
    this.out.emit({
      type: 'warning',
      code: 'settings.refused',
      message: `The server did not accept the settings and goes on with its own: ${message}`,
    });
  }

  guardrailUntold(): void {
    this.out.emit({
      type: 'warning',
      code: 'guardrail.untold',
      message: 'A guardrail stopped the answer, but this provider has no way to tell the model why.',
    });
  }

  settingsKept(): void {
    this.out.emit({
      type: 'warning',
      code: 'settings.kept',
      message: 'The provider accepts new settings only on a new connection, and this session has just one.',
    });
  }

  goingAway(timeLeftMs: number): void {
    this.out.emit({
      type: 'warning',
      code: 'going.away',
      message: `The provider closes this connection in ${Math.round(timeLeftMs / 1000)} s.`,
    });
  }

  textUnsupported(model: string): void {
    this.out.emit({
      type: 'warning',
      code: 'text.unsupported',
      message: `${model} does not take typed messages.`,
      hint: 'Speak instead, or choose another model or provider.',
    });
  }

  /** Told once: typing goes on as it may. */
  textExperimental(message: string): void {
    if (this.toldExperimental) return;
    this.toldExperimental = true;
    const hint = 'If no answer comes to what you type, speak.';
    this.out.emit({ type: 'warning', code: 'text.experimental', message, hint });
  }

  selfHearing(): void {
    this.out.emit({
      type: 'warning',
      code: 'echo.self-hearing',
      message: 'I am hearing myself; the microphone is now muted while I speak.',
      hint: 'Use headphones, or choose half-duplex from the start.',
    });
  }

  /** `ms`: how much, where that is known. */
  speechLost(ms?: number): void {
    const seconds = ms === undefined ? undefined : Math.max(1, Math.round(ms / 1000));
    this.out.emit({
      type: 'warning',
      code: 'speech.lost',
      message:
        seconds === undefined
          ? 'The connection was lost before your last words were understood.'
          : `The connection was lost for too long: ${seconds} s of what you said were dropped.`,
      hint: 'Say them again.',
    });
  }

  /** `says`: what it said instead. */
  unanswered(says?: string): void {
    this.out.emit({
      type: 'warning',
      code: 'response.missing',
      message:
        says === undefined ? 'The server did not answer in time.' : `The server did not answer: ${says}`,
      hint: 'Say or type it again.',
    });
  }

  stalled(): void {
    this.out.emit({
      type: 'warning',
      code: 'response.stalled',
      message: 'The answer stalled and was abandoned.',
      hint: 'Say or type it again.',
    });
  }

  unheard(): void {
    this.out.emit({
      type: 'warning',
      code: 'playback.stuck',
      message: 'The speaker does not play, so the rest of the answer was dropped.',
      hint: 'Check the speaker.',
    });
  }

  /** Errors that leave the session usable. `ours`: it answered a `response.create`, so an answer is missing. */
  report({ code, message, hint, facts, source, cause }: ErrorEvent, ours: boolean): void {
    if (source === 'protocol') {
      this.protocolWarnings += 1;
      if (this.protocolWarnings > mostProtocolWarnings) return;
      const last = this.protocolWarnings === mostProtocolWarnings;
      const more = last ? 'Further unreadable messages are not shown.' : undefined;
      this.out.emit({ type: 'warning', code, message, hint: more });
    } else if ((cause !== 'harmless' && !this.isFlood()) || ours) {
      this.out.emit({ type: 'error', code, message, hint, facts, fatal: false });
    }
  }

  private isFlood(): boolean {
    const { nowMs } = this.out;
    if (nowMs - this.errorsSinceMs >= errorWindowMs) {
      this.errors = 0;
      this.errorsSinceMs = nowMs;
    }
    this.errors += 1;
    if (this.errors === mostErrors + 1) {
      this.out.emit({
        type: 'warning',
        code: 'errors.hidden',
        message: `The server keeps reporting errors; the next ${errorWindowMs / 1000} s of them are not shown.`,
        hint: 'All of them are in the log, where one is kept.',
      });
    }
    return this.errors > mostErrors;
  }
}
