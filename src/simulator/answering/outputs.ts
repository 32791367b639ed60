import type { NewId } from '../core/ids.js';
import type { ServerEvent } from '../core/server-event.js';
import type { ConversationStore } from '../store/conversation-store.js';
import {
  type FunctionCallItem,
  type Item,
  type ItemStatus,
  type McpCallItem,
  type MessageItem,
  snapshot,
} from '../store/items.js';
import type { SpeechTimeline } from '../store/speech-timeline.js';

/** What the items of one response share. */
export interface OutputContext {
  readonly responseId: string;
  readonly send: (event: ServerEvent) => void;
  readonly newId: NewId;
  readonly store: ConversationStore;
  /** False for responses outside the conversation: their items are not remembered. */
  readonly remembered: boolean;
}

type FinalStatus = Exclude<ItemStatus, 'in_progress'>;

/** One item of a response while it is sent. `finish` sends all remaining events, in the order of the real server. */
abstract class Output<Kind extends Item> {
  private finished = false;
  private previousId: string | null = null;

  constructor(
    protected readonly context: OutputContext,
    readonly item: Kind,
    protected readonly index: number,
  ) {
    const { remembered, store } = context;
    this.send('response.output_item.added', { output_index: index, item: snapshot(item) });
    if (!remembered) return;
    this.previousId = store.insert(item);
    context.send({
      type: 'conversation.item.added',
      previous_item_id: this.previousId,
      item: snapshot(item),
    });
  }

  finish(status: FinalStatus): void {
    if (this.finished) return;
    this.finished = true;
    this.closeParts(status);
    const { remembered, send } = this.context;
    const item = snapshot(this.item);
    if (remembered) send({ type: 'conversation.item.done', previous_item_id: this.previousId, item });
    this.send('response.output_item.done', { output_index: this.index, item });
  }

  /** Sends the closing events of its parts, and marks the item as finished. */
  protected abstract closeParts(status: FinalStatus): void;

  protected send(type: string, fields: Readonly<Record<string, unknown>>): void {
    this.context.send({ type, response_id: this.context.responseId, ...fields });
  }

  protected sendPart(type: string, fields: Readonly<Record<string, unknown>>): void {
    this.send(type, { item_id: this.item.id, output_index: this.index, content_index: 0, ...fields });
  }
}

/** A message that is spoken: sound, and its words as they come. */
export class SpokenOutput extends Output<MessageItem> {
  private readonly part: { readonly type: 'output_audio'; transcript?: string } = {
    type: 'output_audio',
    transcript: '',
  };
  private readonly timeline: SpeechTimeline;
  private text = '';

  constructor(context: OutputContext, index: number) {
    super(context, newMessage(context.newId), index);
    this.timeline = context.store.timelineOf(this.item);
    this.item.content.push(this.part);
    this.sendPart('response.content_part.added', { part: { type: 'audio', transcript: '' } });
  }

  beginSentence(text: string): void {
    this.timeline.beginSentence(text);
  }

  /** How long the sound of the current sentence will be, once that is known. */
  expectLength(ms: number): void {
    this.timeline.expectLength(ms);
  }

  endSentence(): void {
    this.timeline.endSentence();
  }

  words(delta: string): void {
    this.text += delta;
    // A client may cut an answer that is still being spoken; its transcript stays away then.
    if (this.part.transcript !== undefined) this.part.transcript = this.text;
    this.timeline.addText(delta);
    this.sendPart('response.output_audio_transcript.delta', { delta });
  }

  /** `base64` is sound in the response's format, `ms` its length. */
  sound(base64: string, ms: number): void {
    this.context.store.addSound(this.item, 0, ms);
    this.sendPart('response.output_audio.delta', { delta: base64 });
  }

  protected closeParts(status: FinalStatus): void {
    this.item.status = status;
    const transcript = this.text;
    this.sendPart('response.output_audio.done', {});
    this.sendPart('response.output_audio_transcript.done', { transcript });
    this.sendPart('response.content_part.done', { part: { type: 'audio', transcript } });
  }
}

/** A message that is only written. */
export class WrittenOutput extends Output<MessageItem> {
  private readonly part = { type: 'output_text' as const, text: '' };

  constructor(context: OutputContext, index: number) {
    super(context, newMessage(context.newId), index);
    this.item.content.push(this.part);
    this.sendPart('response.content_part.added', { part: { type: 'text', text: '' } });
  }

  words(delta: string): void {
    this.part.text += delta;
    this.sendPart('response.output_text.delta', { delta });
  }

  protected closeParts(status: FinalStatus): void {
    this.item.status = status;
    const { text } = this.part;
    this.sendPart('response.output_text.done', { text });
    this.sendPart('response.content_part.done', { part: { type: 'text', text } });
  }
}

/** A function call; its arguments arrive in pieces as a model writes them. */
export class CallOutput extends Output<FunctionCallItem> {
  constructor(context: OutputContext, index: number, call: { name: string; callId: string }) {
    super(context, newCall(context.newId, call), index);
  }

  write(argumentsText: string): void {
    for (let from = 0; from < argumentsText.length; from += 16) {
      const delta = argumentsText.slice(from, from + 16);
      this.item.arguments += delta;
      this.sendCall('response.function_call_arguments.delta', { delta });
    }
  }

  protected closeParts(status: FinalStatus): void {
    this.item.status = status;
    const { name, arguments: text } = this.item;
    this.sendCall('response.function_call_arguments.done', { name, arguments: text });
  }

  private sendCall(type: string, fields: Readonly<Record<string, unknown>>): void {
    const { id, call_id } = this.item;
    this.send(type, { item_id: id, output_index: this.index, call_id, ...fields });
  }
}

/** A call of a remote tool. The server itself makes it; nothing is connected here, so it finds nothing. */
export class McpCallOutput extends Output<McpCallItem> {
  constructor(
    context: OutputContext,
    index: number,
    call: { name: string; callId: string; serverLabel: string },
  ) {
    super(context, newMcpCall(call), index);
  }

  run(argumentsText: string): void {
    const { item } = this;
    item.arguments = argumentsText;
    this.sendCall('response.mcp_call_arguments.delta', { delta: argumentsText });
    this.sendCall('response.mcp_call_arguments.done', { arguments: argumentsText });
    this.context.send({ type: 'response.mcp_call.in_progress', item_id: item.id, output_index: this.index });
    item.output = JSON.stringify({ summary: `The server ${item.server_label} is only simulated.` });
    this.context.send({ type: 'response.mcp_call.completed', item_id: item.id, output_index: this.index });
    this.finish('completed');
  }

  protected closeParts(): void {}

  private sendCall(type: string, fields: Readonly<Record<string, unknown>>): void {
    this.send(type, { item_id: this.item.id, output_index: this.index, ...fields });
  }
}

function newMessage(newId: NewId): MessageItem {
  return {
    id: newId('item'),
    object: 'realtime.item',
    type: 'message',
    status: 'in_progress',
    role: 'assistant',
    content: [],
  };
}

function newCall(newId: NewId, { name, callId }: { name: string; callId: string }): FunctionCallItem {
  return {
    id: newId('item'),
    object: 'realtime.item',
    type: 'function_call',
    status: 'in_progress',
    name,
    call_id: callId,
    arguments: '',
  };
}

function newMcpCall(call: { name: string; callId: string; serverLabel: string }): McpCallItem {
  return {
    id: call.callId,
    type: 'mcp_call',
    server_label: call.serverLabel,
    name: call.name,
    arguments: '',
    output: null,
    error: null,
    approval_request_id: null,
  };
}
