/** Items as the wire shows them. Sound is never echoed; the store keeps its length. */
export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

export type ContentPart =
  | { readonly type: 'input_text'; readonly text: string }
  | { readonly type: 'input_image'; readonly image_url: string; readonly detail?: string | undefined }
  | { readonly type: 'input_audio'; transcript: string | null }
  | { readonly type: 'output_text'; text: string }
  | { readonly type: 'output_audio'; transcript?: string };

export interface MessageItem {
  readonly id: string;
  readonly object: 'realtime.item';
  readonly type: 'message';
  status: ItemStatus;
  readonly role: 'user' | 'assistant' | 'system';
  readonly content: ContentPart[];
}

export interface FunctionCallItem {
  readonly id: string;
  readonly object: 'realtime.item';
  readonly type: 'function_call';
  status: ItemStatus;
  readonly name: string;
  readonly call_id: string;
  arguments: string;
}

interface FunctionCallOutputItem {
  readonly id: string;
  readonly object: 'realtime.item';
  readonly type: 'function_call_output';
  status: ItemStatus;
  readonly call_id: string;
  readonly output: string;
}

/** What a remote server of tools offers. */
interface McpListItem {
  readonly id: string;
  readonly type: 'mcp_list_tools';
  readonly server_label: string;
  readonly tools: readonly { readonly name: string; readonly input_schema: unknown }[];
}

/** A call of a remote tool, which the server makes itself. */
export interface McpCallItem {
  readonly id: string;
  readonly type: 'mcp_call';
  readonly server_label: string;
  readonly name: string;
  arguments: string;
  output: string | null;
  readonly error: null;
  readonly approval_request_id: null;
}

export type Item = MessageItem | FunctionCallItem | FunctionCallOutputItem | McpListItem | McpCallItem;

/** A copy that later changes do not affect: events are written when they happen. */
export function snapshot<Kind extends Item>(item: Kind): Kind {
  return structuredClone(item);
}
