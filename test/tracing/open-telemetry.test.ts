import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, context, metrics, ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VoxtermError } from '../../src/contract/failure.js';
import { openTelemetrySink } from '../../src/tracing/open-telemetry.js';
import { openTrace } from '../../src/tracing/trace.js';
import { holdTalk, startedAt, TracedSession, words } from './traced-session.js';

const spans = new InMemorySpanExporter();
const numbers = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
let reader: PeriodicExportingMetricReader;

/** What an SDK registers to know what is active. */
function contextManager() {
  const storage = new AsyncLocalStorage<Context>();
  return {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: <A extends unknown[], F extends (...args: A) => ReturnType<F>>(
      active: Context,
      fn: F,
      thisArg?: ThisParameterType<F>,
      ...args: A
    ) => storage.run(active, () => fn.call(thisArg as ThisParameterType<F>, ...args)),
    bind: <T>(_active: Context, target: T) => target,
    enable() {
      return this;
    },
    disable() {
      return this;
    },
  };
}

beforeEach(() => {
  spans.reset();
  numbers.reset();
  reader = new PeriodicExportingMetricReader({ exporter: numbers, exportIntervalMillis: 1_000_000 });
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }),
  );
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  context.setGlobalContextManager(contextManager());
});

afterEach(() => {
  trace.disable();
  metrics.disable();
  context.disable();
});

async function hold(content = false): Promise<void> {
  const traced = await openTrace({ openTelemetry: true, content });
  const session = new TracedSession();
  traced.follow(session);
  holdTalk(session);
  traced.close();
}

/** Values of a metric by one of its attributes. */
async function values(name: string, by = 'gen_ai.provider.name'): Promise<Record<string, unknown>> {
  await reader.forceFlush();
  const [latest] = numbers.getMetrics().slice(-1);
  const metric = latest?.scopeMetrics
    .flatMap((scope) => scope.metrics)
    .find(({ descriptor }) => descriptor.name === name);
  return Object.fromEntries(
    (metric?.dataPoints ?? []).map(({ attributes, value }) => [
      String(attributes[by]),
      typeof value === 'number' ? value : { count: value.count, sum: 'sum' in value ? value.sum : undefined },
    ]),
  );
}

describe('OpenTelemetry', () => {
  it('gets the spans of a session, with their times, parents and failures', async () => {
    await hold();
    const finished = spans.getFinishedSpans();
    const named = (name: string) => finished.find((span) => span.name === name);
    const session = named('voxterm.session');
    expect(finished).toHaveLength(10);
    expect(session?.startTime).toEqual([startedAt.getTime() / 1000, 0]);
    expect(session?.duration).toEqual([4, 0]);
    expect(named('chat fake-1')?.parentSpanContext?.spanId).toBe(session?.spanContext().spanId);
    expect(named('chat fake-1')?.attributes).toMatchObject({
      'gen_ai.provider.name': 'fake',
      'gen_ai.request.model': 'fake-1',
      'gen_ai.response.finish_reasons': ['stop'],
    });
    expect(named('interruption')?.parentSpanContext?.spanId).toBe(named('chat fake-1')?.spanContext().spanId);
    expect(named('execute_tool broken')?.status).toEqual({
      code: SpanStatusCode.ERROR,
      message: 'tool.timeout',
    });
    expect(JSON.stringify(finished.map(({ attributes }) => attributes))).not.toMatch(words);
  });

  it('hangs them below what was active when the trace was opened', async () => {
    const outer = trace.getTracer('test').startSpan('outer');
    await context.with(trace.setSpan(context.active(), outer), () => hold(true));
    outer.end();
    const session = spans.getFinishedSpans().find(({ name }) => name === 'voxterm.session');
    expect(session?.parentSpanContext?.spanId).toBe(outer.spanContext().spanId);
    expect(JSON.stringify(spans.getFinishedSpans().map(({ attributes }) => attributes))).toMatch(words);
  });

  it('gets the numbers', async () => {
    await hold();
    expect(await values('voxterm.response.time_to_first_audio')).toEqual({ fake: { count: 1, sum: 350 } });
    expect(await values('gen_ai.client.operation.duration', 'gen_ai.agent.name')).toEqual({
      front: { count: 1, sum: 1.4 },
      billing: { count: 1, sum: expect.closeTo(0.2) },
    });
    expect(await values('gen_ai.execute_tool.duration', 'gen_ai.tool.name')).toEqual({
      lookup: { count: 1, sum: 0.5 },
      broken: { count: 1, sum: expect.closeTo(0.1) },
    });
    expect(await values('gen_ai.client.token.usage', 'gen_ai.token.type')).toEqual({
      input: { count: 1, sum: 100 },
      output: { count: 1, sum: 20 },
    });
    expect(await values('voxterm.interruptions')).toEqual({ fake: 1 });
    expect(await values('voxterm.guardrail.trips', 'voxterm.guardrail')).toEqual({ 'no-prices': 1 });
    expect(await values('voxterm.cost', 'voxterm.currency')).toEqual({ USD: 0.25 });
    expect(await values('voxterm.tokens', 'voxterm.token.kind')).toEqual({ text: 5, audio: 15 });
  });

  it('that is not installed is not missed, unless it was asked for', async () => {
    const missing = () =>
      openTelemetrySink(() =>
        Promise.reject(Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })),
      );
    const traced = await openTrace({}, missing);
    const session = new TracedSession();
    traced.follow(session);
    holdTalk(session);
    traced.close();
    expect(spans.getFinishedSpans()).toEqual([]);
    const error: unknown = await openTrace({ openTelemetry: true }, missing).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(VoxtermError);
    expect(error).toMatchObject({ code: 'tracing.missing', exitCode: 3 });
  });

  it('that is broken says so', async () => {
    const broken = () => openTelemetrySink(() => Promise.reject(new SyntaxError('unexpected token')));
    await expect(openTrace({}, broken)).rejects.toThrow('unexpected token');
  });

  it('is not asked where it is switched off', async () => {
    let asked = false;
    await openTrace({ openTelemetry: false }, async () => {
      asked = true;
      return undefined;
    });
    expect(asked).toBe(false);
  });
});
