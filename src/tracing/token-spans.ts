import type { SessionEvent } from '../contract/session-events.js';
import type { TokenCount } from '../contract/usage.js';
import type { Attributes, TraceSink } from './trace-sink.js';

type UsageEvent = Extract<SessionEvent, { type: 'usage' }>;

/** Usage belongs to the response that ends within this time after it. */
const togetherMs = 50;

/** Tokens and what they cost: as numbers, on the responses they belong to, and on the session. */
export class TokenSpans {
  private last: UsageEvent | undefined;
  private total: UsageEvent | undefined;

  constructor(
    private readonly sink: TraceSink,
    private readonly common: Attributes,
  ) {}

  count(event: UsageEvent): void {
    this.last = event;
    this.total = event;
    for (const direction of ['input', 'output'] as const) this.measure(direction, event.usage[direction]);
    if (event.cost !== undefined && event.cost.amount > 0) {
      const { amount, currency } = event.cost;
      this.sink.measure?.('voxterm.cost', amount, { ...this.common, 'voxterm.currency': currency });
    }
  }

  /** Attributes of the response that ends now. */
  ofResponse(at: number): Attributes {
    const told = this.last;
    this.last = undefined;
    if (told === undefined || at - told.at > togetherMs) return {};
    const { input, output } = told.usage;
    return {
      'gen_ai.usage.input_tokens': sum(input),
      'gen_ai.usage.output_tokens': sum(output),
      'gen_ai.usage.cache_read.input_tokens': input.cached,
      'voxterm.usage.input_audio_tokens': input.audio,
      'voxterm.usage.output_audio_tokens': output.audio,
      ...(told.cost === undefined
        ? {}
        : { 'voxterm.cost': told.cost.amount, 'voxterm.currency': told.cost.currency }),
    };
  }

  /**
   * Attributes of the whole session, including usage that was reported too late for its response. They have separate
   * names, so that they are not added to those of the responses.
   */
  ofSession(): Attributes {
    if (this.total === undefined) return {};
    const { session, cost } = this.total;
    return {
      'voxterm.session.input_tokens': sum(session.input),
      'voxterm.session.output_tokens': sum(session.output),
      ...(cost === undefined
        ? {}
        : { 'voxterm.session.cost': cost.session, 'voxterm.currency': cost.currency }),
    };
  }

  private measure(direction: 'input' | 'output', tokens: TokenCount): void {
    const { sink, common } = this;
    const all = sum(tokens);
    const attributes = { ...common, 'gen_ai.operation.name': 'chat', 'gen_ai.token.type': direction };
    if (all > 0) sink.measure?.('gen_ai.client.token.usage', all, attributes);
    for (const kind of ['text', 'audio', 'image', 'cached'] as const) {
      if (tokens[kind] === 0) continue;
      sink.measure?.('voxterm.tokens', tokens[kind], {
        ...common,
        'gen_ai.token.type': direction,
        'voxterm.token.kind': kind,
      });
    }
  }
}

function sum({ text, audio, image }: TokenCount): number {
  return text + audio + image;
}
