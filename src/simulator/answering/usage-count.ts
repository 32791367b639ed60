import { heardTokens, imageTokens, textTokens } from '../core/tokens.js';
import type { ConversationStore } from '../store/conversation-store.js';
import type { ContentPart, Item } from '../store/items.js';

/** What the model would read: the whole conversation so far. */
export interface InputTokens {
  readonly textIn: number;
  readonly audioIn: number;
  readonly imageIn: number;
}

/** Tokens of one answer, estimated from lengths. */
export interface TokenEstimate extends InputTokens {
  readonly textOut: number;
  readonly audioOut: number;
}

export function countInput(store: ConversationStore, instructions: string): InputTokens {
  let textIn = textTokens(instructions);
  let audioIn = 0;
  let imageIn = 0;
  for (const item of store.items) {
    textIn += textTokens(textOf(item));
    audioIn += heardTokens(store.soundMs(item));
    if (item.type === 'message') imageIn += item.content.filter(isImage).length * imageTokens;
  }
  return { textIn, audioIn, imageIn };
}

export function toWireUsage(estimate: TokenEstimate): Record<string, unknown> {
  const { textIn, audioIn, imageIn, textOut, audioOut } = estimate;
  const input = textIn + audioIn + imageIn;
  const output = textOut + audioOut;
  return {
    total_tokens: input + output,
    input_tokens: input,
    output_tokens: output,
    input_token_details: {
      text_tokens: textIn,
      audio_tokens: audioIn,
      image_tokens: imageIn,
      cached_tokens: 0,
      cached_tokens_details: { text_tokens: 0, audio_tokens: 0, image_tokens: 0 },
    },
    output_token_details: { text_tokens: textOut, audio_tokens: audioOut },
  };
}

function textOf(item: Item): string {
  switch (item.type) {
    case 'message':
      return item.content.map((part) => ('text' in part ? part.text : '')).join('');
    case 'function_call':
      return `${item.name}${item.arguments}`;
    case 'function_call_output':
      return item.output;
    case 'mcp_call':
      return `${item.name}${item.arguments}${item.output ?? ''}`;
    case 'mcp_list_tools':
      return JSON.stringify(item.tools);
  }
}

function isImage(part: ContentPart): boolean {
  return part.type === 'input_image';
}
