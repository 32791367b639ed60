import type * as Otel from '@opentelemetry/api';
import type {
  Context,
  Counter,
  Histogram,
  Attributes as OtelAttributes,
  Span,
  TracerProvider,
} from '@opentelemetry/api';
import type { Attributes, Measure, OpenSpan, SpanEnd, SpanStart, TraceSink } from './trace-sink.js';

type Api = typeof Otel;

/** The module shared with the user's SDK; it is installed by the user, not by this package. */
export type ImportApi = () => Promise<Api>;

const importApi: ImportApi = () => import('@opentelemetry/api');

/** Name of the instrumentation in spans and metrics. */
const scope = 'voxterm';

/** Buckets in milliseconds: fine below a few seconds, above which a voice conversation is unusable. */
const audioBounds = [50, 100, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000, 10_000];
/** Of the GenAI conventions, in seconds. */
const durationBounds = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];
/** Of the GenAI conventions, in tokens. */
const tokenBounds = [
  1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
];

/**
 * A sink for the SDK that the program has registered. Spans become children of the active span. Undefined if the API is
 * not installed.
 */
export async function openTelemetrySink(load: ImportApi = importApi): Promise<TraceSink | undefined> {
  const api = await load().catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  return api === undefined ? undefined : new OpenTelemetry(api, api.trace.getTracerProvider());
}

class OpenTelemetry implements TraceSink {
  private readonly around: Context;
  private readonly record: Readonly<Record<Measure, (value: number, attributes: OtelAttributes) => void>>;

  constructor(
    private readonly api: Api,
    private readonly provider: TracerProvider,
  ) {
    this.around = api.context.active();
    const meter = api.metrics.getMeter(scope);
    const histogram = (
      name: Measure,
      unit: string,
      explicitBucketBoundaries: number[],
      description: string,
    ) => recorder(meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries } }));
    const counter = (name: Measure, unit: string, description: string) =>
      adder(meter.createCounter(name, { unit, description }));
    this.record = {
      'voxterm.response.time_to_first_audio': histogram(
        'voxterm.response.time_to_first_audio',
        'ms',
        audioBounds,
        "From the end of the user's turn to the first sound received.",
      ),
      'gen_ai.client.operation.duration': histogram(
        'gen_ai.client.operation.duration',
        's',
        durationBounds,
        'Duration of a response.',
      ),
      'gen_ai.execute_tool.duration': histogram(
        'gen_ai.execute_tool.duration',
        's',
        durationBounds,
        'Duration of a tool call.',
      ),
      'gen_ai.client.token.usage': histogram(
        'gen_ai.client.token.usage',
        '{token}',
        tokenBounds,
        'Tokens of a response.',
      ),
      'voxterm.tokens': counter('voxterm.tokens', '{token}', 'Tokens by direction and kind.'),
      'voxterm.interruptions': counter('voxterm.interruptions', '{interruption}', 'Answers cut off.'),
      'voxterm.guardrail.trips': counter('voxterm.guardrail.trips', '{trip}', 'Guardrails that tripped.'),
      'voxterm.cost': counter('voxterm.cost', '{currency}', 'Estimated cost; voxterm.currency says of what.'),
    };
  }

  start({ name, kind, parent, startMs, attributes }: SpanStart): OpenSpan {
    const { SpanKind, SpanStatusCode, trace } = this.api;
    const context = parent instanceof OtelSpan ? trace.setSpan(this.around, parent.span) : this.around;
    const span = this.provider.getTracer(scope).startSpan(
      name,
      {
        kind: kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL,
        startTime: startMs,
        attributes: mutable(attributes),
      },
      context,
    );
    return new OtelSpan(span, SpanStatusCode.ERROR);
  }

  measure(name: Measure, value: number, attributes: Attributes): void {
    this.record[name](value, mutable(attributes));
  }
}

class OtelSpan implements OpenSpan {
  private ended = false;

  constructor(
    readonly span: Span,
    private readonly errorCode: number,
  ) {}

  end({ endMs, attributes, error }: SpanEnd): void {
    if (this.ended) return;
    this.ended = true;
    if (attributes !== undefined) this.span.setAttributes(mutable(attributes));
    if (error !== undefined) this.span.setStatus({ code: this.errorCode, message: error });
    this.span.end(endMs);
  }
}

function recorder(histogram: Histogram) {
  return (value: number, attributes: OtelAttributes) => histogram.record(value, attributes);
}

function adder(counter: Counter) {
  return (value: number, attributes: OtelAttributes) => counter.add(value, attributes);
}

function mutable(attributes: Attributes): OtelAttributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]),
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
}
