/** The attributes of a span. */
export type Attributes = Readonly<Record<string, string | number | boolean | readonly string[]>>;

type SpanKind = 'internal' | 'client';

export interface SpanStart {
  readonly name: string;
  readonly kind: SpanKind;
  /** Absent: the parent of the whole trace. */
  readonly parent?: OpenSpan | undefined;
  /** Unix time in milliseconds. */
  readonly startMs: number;
  readonly attributes: Attributes;
}

export interface SpanEnd {
  /** Unix time in milliseconds. */
  readonly endMs: number;
  readonly attributes?: Attributes | undefined;
  /** An error code, without anything that was said. */
  readonly error?: string | undefined;
}

/** A span that has begun. It can be a parent even after it has ended. */
export interface OpenSpan {
  /** Only the first call counts. */
  end(end: SpanEnd): void;
}

/** Names of a session's metrics. Durations are in seconds where the conventions require it. */
export type Measure =
  | 'voxterm.response.time_to_first_audio'
  | 'gen_ai.client.operation.duration'
  | 'gen_ai.execute_tool.duration'
  | 'gen_ai.client.token.usage'
  | 'voxterm.tokens'
  | 'voxterm.interruptions'
  | 'voxterm.guardrail.trips'
  | 'voxterm.cost';

/** Receives spans and metrics. */
export interface TraceSink {
  start(span: SpanStart): OpenSpan;
  measure?(name: Measure, value: number, attributes: Attributes): void;
}

/** Forwards one session to several sinks. */
export function joined(sinks: readonly TraceSink[]): TraceSink {
  return {
    start: (span) => {
      const { parent } = span;
      const spans = sinks.map((sink, index) =>
        sink.start({ ...span, parent: parent instanceof JoinedSpan ? parent.spans[index] : undefined }),
      );
      return new JoinedSpan(spans);
    },
    measure: (name, value, attributes) => {
      for (const sink of sinks) sink.measure?.(name, value, attributes);
    },
  };
}

class JoinedSpan implements OpenSpan {
  constructor(readonly spans: readonly OpenSpan[]) {}

  end(end: SpanEnd): void {
    for (const span of this.spans) span.end(end);
  }
}
