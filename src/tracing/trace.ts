import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import type { VoiceSession } from '../session/voice-session.js';
import { SessionTrace } from './session-trace.js';
import { TraceFile } from './trace-file.js';
import { joined, type TraceSink } from './trace-sink.js';

export interface TraceOptions {
  /** Finished spans are written to this file, one JSON object per line. An existing file is overwritten. */
  readonly file?: string | undefined;
  /**
   * Sends spans and metrics to the OpenTelemetry SDK that the program has registered; true requires the API to be
   * installed. Default: true if it is installed.
   */
  readonly openTelemetry?: boolean | undefined;
  /** The spans also contain what was said, arguments and results. Default false. */
  readonly content?: boolean | undefined;
  /** Called once if writing the file had to stop. The session goes on. */
  readonly onFailure?: ((failure: VoxtermError) => void) | undefined;
}

/** Traces sessions. Open it before connecting, so that a file that cannot be written costs nothing. */
export interface Trace {
  /**
   * Traces a session from now on, with the earlier events that {@link VoiceSession.subscribe} keeps. Returns a function
   * that stops it. Ends with the session.
   */
  follow(session: VoiceSession): () => void;
  /** Ends open spans and closes the file. Safe to call twice. */
  close(): void;
}

async function ownSdk(): Promise<TraceSink | undefined> {
  const { openTelemetrySink } = await import('./open-telemetry.js');
  return openTelemetrySink();
}

/** @throws VoxtermError exit 2 if the file cannot be written, 3 if OpenTelemetry is requested but not installed. */
export async function openTrace(options: TraceOptions, sdk = ownSdk): Promise<Trace> {
  const sinks: TraceSink[] = [];
  if (options.openTelemetry !== false) {
    const sink = await sdk();
    if (sink !== undefined) sinks.push(sink);
    else if (options.openTelemetry === true) throw notInstalled();
  }
  const { file } = options;
  const written = file === undefined ? undefined : new TraceFile(file, options.onFailure ?? (() => {}));
  if (written !== undefined) sinks.push(written);
  const sink = joined(sinks);
  const following = new Set<() => void>();
  return {
    follow: (session) => {
      if (sinks.length === 0) return () => {};
      const stop = follow(session, sink, options.content ?? false);
      following.add(stop);
      return () => {
        following.delete(stop);
        stop();
      };
    },
    close: () => {
      for (const stop of following) stop();
      following.clear();
      written?.close();
    },
  };
}

function follow(session: VoiceSession, sink: TraceSink, content: boolean): () => void {
  const { provider, model } = session.profile;
  const startedAtMs = session.startedAt.getTime();
  const trace = new SessionTrace({ sink, provider, model, startedAtMs, content });
  const unsubscribe = session.subscribe(trace.onEvent);
  return () => {
    unsubscribe();
    trace.close();
  };
}

function notInstalled(): VoxtermError {
  return new VoxtermError('OpenTelemetry is not installed.', {
    code: 'tracing.missing',
    exitCode: ExitCode.configuration,
    hint: 'Install it with "npm install @opentelemetry/api", and register an SDK before connecting.',
  });
}
