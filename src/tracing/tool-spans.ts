import type { SessionEvent } from '../contract/session-events.js';
import type { Attributes, OpenSpan, SpanEnd, TraceSink } from './trace-sink.js';

type EventOf<T extends SessionEvent['type']> = Extract<SessionEvent, { type: T }>;

export interface ToolSpansParts {
  readonly sink: TraceSink;
  /** Arguments and results go into the spans, too. */
  readonly content: boolean;
  readonly begin: (name: string, at: number, attributes: Attributes) => OpenSpan;
  readonly endAt: (at: number, attributes?: Attributes) => SpanEnd;
}

/** Spans of tool calls and of the waits for their approval. */
export class ToolSpans {
  private readonly calls = new Map<string, { readonly span: OpenSpan; readonly startedAt: number }>();
  private readonly approvals = new Map<string, OpenSpan>();

  constructor(private readonly parts: ToolSpansParts) {}

  asked(event: EventOf<'tool.approval.required'>): void {
    const { callId, name, at } = event;
    this.approvals.set(callId, this.parts.begin(`approval ${name}`, at, about(event)));
  }

  started(event: EventOf<'tool.started'>): void {
    const { callId, name, at } = event;
    this.decided(callId, at, 'allowed');
    const written = this.parts.content ? { 'gen_ai.tool.call.arguments': text(event.arguments) } : {};
    const span = this.parts.begin(`execute_tool ${name}`, at, {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.type': 'function',
      ...about(event),
      ...written,
    });
    this.calls.set(callId, { span, startedAt: at });
  }

  finished({ callId, name, at, output }: EventOf<'tool.finished'>): void {
    this.end(callId, name, at, this.parts.content ? { 'gen_ai.tool.call.result': output } : {});
  }

  failed({ callId, name, at, code }: EventOf<'tool.failed'>): void {
    this.decided(callId, at, 'refused');
    this.end(callId, name, at, {}, code);
  }

  cancelled({ callId, name, at }: EventOf<'tool.cancelled'>): void {
    this.decided(callId, at, 'cancelled');
    this.end(callId, name, at, {}, 'cancelled');
  }

  /** No more events will follow. */
  close(end: SpanEnd): void {
    for (const { span } of this.calls.values()) span.end(end);
    for (const span of this.approvals.values()) span.end(end);
    this.calls.clear();
    this.approvals.clear();
  }

  private decided(callId: string, at: number, verdict: 'allowed' | 'refused' | 'cancelled'): void {
    this.approvals.get(callId)?.end(this.parts.endAt(at, { 'voxterm.approval': verdict }));
    this.approvals.delete(callId);
  }

  private end(callId: string, name: string, at: number, result: Attributes, error?: string): void {
    const call = this.calls.get(callId);
    if (call === undefined) return;
    this.calls.delete(callId);
    const failed: Attributes = error === undefined ? {} : { 'error.type': error };
    call.span.end({ ...this.parts.endAt(at, { ...result, ...failed }), error });
    this.parts.sink.measure?.('gen_ai.execute_tool.duration', (at - call.startedAt) / 1000, {
      'gen_ai.tool.name': name,
      ...failed,
    });
  }
}

function about({ callId, name }: { readonly callId: string; readonly name: string }): Attributes {
  return { 'gen_ai.tool.name': name, 'gen_ai.tool.call.id': callId };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
