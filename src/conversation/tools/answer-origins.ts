import type { ToolSpec } from '../../contract/settings.js';
import type { CallOrigin } from './tool-calls.js';

interface Origin {
  readonly agent: string | undefined;
  readonly tools: readonly ToolSpec[];
}

/** Some servers complete a call only after the answer that makes it, so these are more than are ever open. */
const mostAnswers = 32;

/**
 * Who gave each answer, and with which tools. A call belongs to the agent that began its answer: after a handoff the
 * next one cannot use the tools of the one before.
 */
export class AnswerOrigins {
  private readonly origins = new Map<string, Origin>();

  constructor(
    private readonly now: { readonly agent: string | undefined; readonly tools: readonly ToolSpec[] },
  ) {}

  begins(responseId: string): void {
    const { agent, tools } = this.now;
    this.origins.set(responseId, { agent, tools });
    const oldest = this.origins.keys().next();
    if (this.origins.size > mostAnswers && !oldest.done) this.origins.delete(oldest.value);
  }

  of({ responseId, name }: { readonly responseId: string; readonly name: string }): CallOrigin {
    const { agent, tools } = this.origins.get(responseId) ?? this.now;
    return { agent, spec: tools.find((tool) => tool.name === name) ?? this.specNow(name) };
  }

  /** Where an answer goes on after a handoff that it made itself, it is already the next agent that calls. */
  private specNow(name: string): ToolSpec | undefined {
    return this.now.tools.find((tool) => tool.name === name);
  }
}
