import type { ResponseStatus } from '../contract/events.js';
import type { HistoryItem } from '../contract/items.js';
import type { SessionEvent } from '../contract/session-events.js';
import { TokenSpans } from './token-spans.js';
import { ToolSpans } from './tool-spans.js';
import type { Attributes, OpenSpan, SpanEnd, TraceSink } from './trace-sink.js';

type EventOf<T extends SessionEvent['type']> = Extract<SessionEvent, { type: T }>;

/** If the session ends within this time after its connection, both are one event. */
const togetherMs = 50;
/** Only few items of old answers can still be interrupted. */
const mostItems = 256;

export interface SessionTraceOptions {
  readonly sink: TraceSink;
  readonly provider: string;
  readonly model: string;
  /** When the session began: Unix time in milliseconds. */
  readonly startedAtMs: number;
  /** The spans also contain what was said, and the arguments and results of tools. */
  readonly content: boolean;
}

interface TracedResponse {
  readonly span: OpenSpan;
  readonly startedAt: number;
  readonly agent: string | undefined;
  readonly said: string[];
}

/**
 * One session as spans: the session, and in it responses, tool calls, waits for approval, interruptions, handoffs,
 * guardrails that tripped and lost connections. Names follow the GenAI conventions of OpenTelemetry where those define
 * one.
 */
export class SessionTrace {
  private readonly session: OpenSpan;
  private readonly common: Attributes;
  private readonly responses = new Map<string, TracedResponse>();
  /** The response of each item: an item may be interrupted long after its response has ended. */
  private readonly spanOfItem = new Map<string, OpenSpan>();
  private readonly tools: ToolSpans;
  private readonly tokens: TokenSpans;
  private lost: EventOf<'link.lost'> | undefined;
  private speakingSince: number | undefined;
  private heard: string[] = [];
  /** False while events still describe an earlier session. */
  private ready = false;
  private turns = 0;
  private sessionId: string | undefined;
  private lastAt = 0;

  constructor(private readonly options: SessionTraceOptions) {
    const { sink, provider, model, startedAtMs } = options;
    this.common = { 'gen_ai.provider.name': provider, 'gen_ai.request.model': model };
    this.tokens = new TokenSpans(sink, this.common);
    this.tools = new ToolSpans({
      sink,
      content: options.content,
      begin: (name, at, attributes) => this.begin(name, at, attributes),
      endAt: (at, attributes) => this.endAt(at, attributes),
    });
    this.session = sink.start({
      name: 'voxterm.session',
      kind: 'internal',
      startMs: startedAtMs,
      attributes: this.common,
    });
  }

  readonly onEvent = (event: SessionEvent): void => {
    this.lastAt = Math.max(this.lastAt, event.at);
    switch (event.type) {
      case 'session.ready':
        this.ready = true;
        this.sessionId = event.sessionId;
        break;
      case 'session.ended':
        this.finish(event);
        break;
      case 'link.lost':
        this.lost ??= event;
        break;
      case 'link.restored':
        this.reconnected(this.endAt(event.at, { 'voxterm.state.restored': event.stateRestored }));
        break;
      case 'speech.started':
        this.speakingSince = event.at;
        break;
      case 'speech.stopped':
        this.speakingSince = undefined;
        break;
      case 'user.transcript.done':
        if (this.options.content && event.text !== '') this.heard.push(event.text);
        break;
      case 'history.updated':
        if (this.ready && event.change === 'added' && isTurn(event.item)) this.turns += 1;
        break;
      case 'response.started':
        this.openResponse(event);
        break;
      case 'assistant.text.delta':
      case 'assistant.audio':
        this.own(event.itemId, event.responseId);
        break;
      case 'assistant.text.done':
        this.own(event.itemId, event.responseId);
        if (this.options.content) this.responses.get(event.responseId)?.said.push(event.text);
        break;
      case 'response.done':
        this.closeResponse(event);
        break;
      case 'playback.cleared':
        this.interrupted(event);
        break;
      case 'tool.approval.required':
        this.tools.asked(event);
        break;
      case 'tool.started':
        this.tools.started(event);
        break;
      case 'tool.finished':
        this.tools.finished(event);
        break;
      case 'tool.failed':
        this.tools.failed(event);
        break;
      case 'tool.cancelled':
        this.tools.cancelled(event);
        break;
      case 'agent.handoff':
        this.instant(`handoff ${event.to}`, event.at, {
          'voxterm.handoff.from': event.from,
          'voxterm.handoff.to': event.to,
        });
        break;
      case 'guardrail.tripped':
        this.tripped(event);
        break;
      case 'usage':
        this.tokens.count(event);
        break;
      default:
        break;
    }
  };

  /** Stops tracing and ends all open spans. Safe to call twice. */
  close(): void {
    this.closeOpen(this.lastAt);
    this.session.end(this.endAt(this.lastAt, this.summary()));
  }

  private finish({ at, exitCode, reason }: EventOf<'session.ended'>): void {
    this.closeOpen(at);
    this.session.end({
      ...this.endAt(at, { ...this.summary(), 'voxterm.exit.code': exitCode, 'voxterm.end.reason': reason }),
      error: exitCode === 0 ? undefined : reason,
    });
  }

  private summary(): Attributes {
    return {
      'voxterm.turns': this.turns,
      ...this.tokens.ofSession(),
      ...(this.sessionId === undefined ? {} : { 'gen_ai.conversation.id': this.sessionId }),
    };
  }

  private closeOpen(at: number): void {
    const end = { ...this.endAt(at), error: 'session ended' };
    for (const { span } of this.responses.values()) span.end(end);
    this.tools.close(end);
    // A connection that ends with its session was not lost.
    if (this.lost !== undefined && at - this.lost.at > togetherMs) this.reconnected(end);
    this.responses.clear();
  }

  private reconnected(end: SpanEnd): void {
    const { lost } = this;
    this.lost = undefined;
    if (lost !== undefined) this.begin('reconnect', lost.at, { 'voxterm.close.code': lost.code }).end(end);
  }

  private openResponse({ responseId, agent, at }: EventOf<'response.started'>): void {
    const { sink, model } = this.options;
    const span = sink.start({
      name: `chat ${model}`,
      kind: 'client',
      parent: this.session,
      startMs: this.unix(at),
      attributes: {
        ...this.common,
        'gen_ai.operation.name': 'chat',
        'gen_ai.response.id': responseId,
        ...(agent === undefined ? {} : { 'gen_ai.agent.name': agent }),
      },
    });
    this.responses.set(responseId, { span, startedAt: at, agent, said: [] });
  }

  private closeResponse(event: EventOf<'response.done'>): void {
    const response = this.responses.get(event.responseId);
    if (response === undefined) return;
    this.responses.delete(event.responseId);
    const { at, status, reason, firstAudioMs, heardMs } = event;
    const failed = status === 'failed' ? (reason ?? 'failed') : undefined;
    response.span.end({
      ...this.endAt(at, {
        'gen_ai.response.finish_reasons': [finishReasons[status]],
        ...(reason === undefined ? {} : { 'voxterm.response.reason': reason }),
        ...(firstAudioMs === undefined ? {} : { 'voxterm.response.first_audio_ms': firstAudioMs }),
        ...(heardMs === undefined ? {} : { 'voxterm.response.heard_ms': heardMs }),
        ...(failed === undefined ? {} : { 'error.type': failed }),
        ...this.tokens.ofResponse(at),
        ...this.words(response, status),
      }),
      error: failed,
    });
    const { sink } = this.options;
    const attributes = {
      ...this.common,
      'gen_ai.operation.name': 'chat',
      ...(response.agent === undefined ? {} : { 'gen_ai.agent.name': response.agent }),
      ...(failed === undefined ? {} : { 'error.type': failed }),
    };
    sink.measure?.('gen_ai.client.operation.duration', (at - response.startedAt) / 1000, attributes);
    if (firstAudioMs !== undefined) {
      sink.measure?.('voxterm.response.time_to_first_audio', firstAudioMs, attributes);
    }
  }

  private words({ said }: TracedResponse, status: ResponseStatus): Attributes {
    if (!this.options.content) return {};
    const { heard } = this;
    this.heard = [];
    return {
      ...(heard.length > 0 && {
        'gen_ai.input.messages': JSON.stringify(heard.map((text) => message('user', text))),
      }),
      ...(said.length > 0 && {
        'gen_ai.output.messages': JSON.stringify([
          { ...message('assistant', said.join(' ')), finish_reason: finishReasons[status] },
        ]),
      }),
    };
  }

  private own(itemId: string, responseId: string): void {
    const response = this.responses.get(responseId);
    if (response === undefined || this.spanOfItem.has(itemId)) return;
    this.spanOfItem.set(itemId, response.span);
    const [oldest] = this.spanOfItem.keys();
    if (this.spanOfItem.size > mostItems && oldest !== undefined) this.spanOfItem.delete(oldest);
  }

  /** From the user's first sound, if there was any, to the moment of silence. */
  private interrupted({ itemId, heardMs, receivedMs, at }: EventOf<'playback.cleared'>): void {
    const bySpeech = this.speakingSince !== undefined;
    const attributes = {
      'voxterm.interruption.by': bySpeech ? 'speech' : 'program',
      'voxterm.interruption.heard_ms': heardMs,
      'voxterm.interruption.received_ms': receivedMs,
    };
    const parent = this.spanOfItem.get(itemId);
    this.begin('interruption', this.speakingSince ?? at, attributes, parent).end(this.endAt(at));
    this.options.sink.measure?.('voxterm.interruptions', 1, this.common);
  }

  private tripped({ guardrail, responseId, callId, message: why, at }: EventOf<'guardrail.tripped'>): void {
    const attributes = {
      'voxterm.guardrail': guardrail,
      'gen_ai.response.id': responseId,
      ...(callId === undefined ? {} : { 'gen_ai.tool.call.id': callId }),
      ...(this.options.content ? { 'voxterm.guardrail.message': why } : {}),
    };
    this.instant(`guardrail ${guardrail}`, at, attributes, this.responses.get(responseId)?.span);
    this.options.sink.measure?.('voxterm.guardrail.trips', 1, {
      ...this.common,
      'voxterm.guardrail': guardrail,
    });
  }

  private begin(name: string, at: number, attributes: Attributes, parent?: OpenSpan): OpenSpan {
    const startMs = this.unix(at);
    return this.options.sink.start({
      name,
      kind: 'internal',
      parent: parent ?? this.session,
      startMs,
      attributes,
    });
  }

  private instant(name: string, at: number, attributes: Attributes, parent?: OpenSpan): void {
    this.begin(name, at, attributes, parent).end(this.endAt(at));
  }

  private endAt(at: number, attributes?: Attributes): SpanEnd {
    return { endMs: this.unix(at), attributes };
  }

  private unix(at: number): number {
    return this.options.startedAtMs + at;
  }
}

const finishReasons = {
  completed: 'stop',
  cancelled: 'cancelled',
  failed: 'error',
  incomplete: 'length',
} as const satisfies Record<ResponseStatus, string>;

function message(role: string, content: string) {
  return { role, parts: [{ type: 'text', content }] };
}

function isTurn(item: HistoryItem): boolean {
  return item.kind === 'message' && item.role === 'user';
}
