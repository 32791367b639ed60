import type { Stages, ThinkRequest, Thought } from '../../engines/core/stages.js';
import type { Clock } from '../core/clock.js';
import type { EventSender } from '../core/event-sender.js';
import type { NewId } from '../core/ids.js';
import { Refusal } from '../core/refusal.js';
import type { Listener } from '../hearing/listener.js';
import type { ResponseParams } from '../requests/request-schema.js';
import { type ResponseConfig, responseConfig } from '../requests/response-config.js';
import type { SessionConfig } from '../requests/session-config.js';
import type { ConversationStore } from '../store/conversation-store.js';
import { toItem } from '../store/item-from-request.js';
import type { Item } from '../store/items.js';
import { toContext } from './context.js';
import { type Outcome, ResponseRun } from './response-run.js';

export interface ResponderOptions {
  readonly stages: Stages;
  readonly store: ConversationStore;
  readonly listener: Listener;
  readonly sender: EventSender;
  readonly newId: NewId;
  readonly clock: Clock;
  readonly pace: number;
  /** Used where the client did not name one, ISO 639-1. */
  readonly language: string | undefined;
  readonly conversationId: string;
  /** An answer in the conversation is over. */
  readonly onDone: (run: ResponseRun) => void;
}

/** The assistant's side: at most one answer in the conversation at a time, and any number outside of it. */
export class Responder {
  private active: ResponseRun | undefined;
  private readonly beside = new Map<string, ResponseRun>();
  private sentRequests = 0;

  constructor(private readonly options: ResponderOptions) {}

  get busy(): boolean {
    return this.active !== undefined;
  }

  /** @throws Refusal when an answer is in progress, or the parameters are not allowed. */
  create(session: SessionConfig, params: ResponseParams = {}, idle = false): void {
    const config = responseConfig(session, params, this.options.language);
    const remembered = config.conversation === 'auto';
    if (remembered && this.active !== undefined) {
      throw new Refusal(
        `Conversation already has an active response in progress: ${this.active.id}. Wait until the response is finished before creating a new one.`,
        { code: 'conversation_already_has_active_response' },
      );
    }
    const items = this.itemsFor(params.input);
    const { sender, stages, newId } = this.options;
    const run = new ResponseRun({
      ...this.options,
      responseId: newId('resp'),
      voice: stages.voice,
      send: (event) => sender.send(event),
      remembered,
      config,
      onDone: (done) => this.close(done, remembered),
    });
    if (remembered) this.active = run;
    else this.beside.set(run.id, run);
    const faults = stages.mind.faults?.(this.request(run.id, items(), config, idle));
    if (faults !== undefined) sender.injectFaults(run.id, faults);
    run.open();
    void run.think(this.think(run, items, config, idle));
  }

  /** The user speaks: the running answer ends, as `interrupt_response` asks. */
  interrupt(): void {
    this.active?.end({ status: 'cancelled', reason: 'turn_detected' });
  }

  /** @throws Refusal when there is nothing to cancel. */
  cancel(responseId: string | undefined): void {
    const run =
      responseId === undefined || responseId === this.active?.id ? this.active : this.beside.get(responseId);
    if (run === undefined) {
      throw new Refusal('Cancellation failed: no active response found', {
        code: 'response_cancel_not_active',
      });
    }
    run.end({ status: 'cancelled', reason: 'client_cancelled' });
  }

  /** The connection is gone: ends all answers. */
  end(): void {
    const gone: Outcome = { status: 'cancelled', reason: 'client_cancelled' };
    this.active?.end(gone);
    for (const run of [...this.beside.values()]) run.end(gone);
  }

  private close(run: ResponseRun, remembered: boolean): void {
    if (remembered) this.active = undefined;
    else this.beside.delete(run.id);
    this.sentRequests += 1;
    this.options.sender.send({ type: 'rate_limits.updated', rate_limits: this.rateLimits() });
    if (remembered) this.options.onDone(run);
  }

  /** Nothing is limited here; the numbers only decrease so that clients can show them. */
  private rateLimits(): Record<string, unknown>[] {
    const limit = 10_000;
    return [{ name: 'requests', limit, remaining: Math.max(0, limit - this.sentRequests), reset_seconds: 0 }];
  }

  private async *think(
    run: ResponseRun,
    items: () => readonly Item[],
    config: ResponseConfig,
    idle: boolean,
  ): AsyncGenerator<Thought, void> {
    await this.options.listener.settled();
    if (run.signal.aborted) return;
    yield* this.options.stages.mind.think(this.request(run.id, items(), config, idle), run.signal);
  }

  private request(
    responseId: string,
    items: readonly Item[],
    config: ResponseConfig,
    idle: boolean,
  ): ThinkRequest {
    const { listener, store } = this.options;
    const { instructions, tools, mustCall, language } = config;
    return {
      responseId,
      items: toContext(items, {
        heardIn: (itemId) => listener.heardIn(itemId),
        heardText: (item) => store.heardText(item),
      }),
      instructions,
      tools,
      mustCall,
      language,
      idle,
    };
  }

  /** The whole conversation, or what `response.input` gives instead. */
  private itemsFor(input: ResponseParams['input']): () => readonly Item[] {
    const { store, newId } = this.options;
    if (input === undefined) return () => store.items;
    const items = input.map((item) =>
      item.type === 'item_reference' ? store.retrieve(item.id) : toItem(item, newId),
    );
    return () => items;
  }
}
