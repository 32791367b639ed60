import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import type { VoiceSession } from '../session/voice-session.js';
import { SessionTrace } from './session-trace.js';
import { TraceFile } from './trace-file.js';
import { joined, type TraceSink } from './trace-sink.js';

export interface TraceOptions {
  /** Finished spans go into this file, one JSON object per line. What was in it is lost. */
  readonly file?: string | undefined;
  /**
   * Spans and numbers for the OpenTelemetry SDK that the program has registered; true wants the API to be installed. Default:
   * where it is.
   */
  readonly openTelemetry?: boolean | undefined;
  /** Words, arguments and results go into the spans, too. Default false. */
  readonly content?: boolean | undefined;
  /** Called once where writing the file had to stop. The session goes on. */
  readonly onFailure?: ((failure: VoxtermError) => void) | undefined;
}

/** Where sessions are traced to. Open it before connecting: a file that cannot be written must cost nothing. */
export interface Trace {
  /** From now on, and what {@link VoiceSession.subscribe} tells of before. Returns the way to stop. Ends with the session. */
  follow(session: VoiceSession): () => void;
  /** Ends what is open and closes the file. Twice does no harm. */
  close(): void;
}

async function ownSdk(): Promise<TraceSink | undefined> {
  const { openTelemetrySink } = await import('./open-telemetry.js');
  return openTelemetrySink();
}

/** @throws VoxtermError exit 2 for a file that cannot be written, 3 where OpenTelemetry is asked for and not installed. */
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
