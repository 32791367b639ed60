import type { Refused } from '../http/error-response.js';
import { isWholeObject } from './call-arguments.js';
import type { ChatMessage } from './chat-message.js';

/** Fields of a request that it may go without. */
const optionalFields = [
  'stream_options',
  'reasoning_effort',
  'temperature',
  'tool_choice',
  'stream',
] as const;
/** Fields of a message that only some servers know. */
const messageFields = [
  'reasoning_content',
  'reasoning',
  'reasoning_text',
  'thinking',
  'reasoning_details',
  'thinking_blocks',
  'extra_content',
  'thought_signature',
  'provider_specific_fields',
] as const;

/** What a server has refused, and is asked without from then on. */
export interface Concessions {
  /** Fields of the request and of its messages that are left out. */
  readonly without: ReadonlySet<string>;
  /** The model takes no tools. */
  readonly toolless: boolean;
  /** Ids of calls have nine letters or digits. */
  readonly shortIds: boolean;
  /** Arguments that are not JSON are put into an object. */
  readonly wrapped: boolean;
  /** Fields that calls of another model or session lack, and which this server refuses to go without. */
  readonly filled: ReadonlySet<'reasoning_content' | 'thought_signature'>;
}

export const noConcessions: Concessions = {
  without: new Set(),
  toolless: false,
  shortIds: false,
  wrapped: false,
  filled: new Set(),
};

/** A request as it was refused. */
export interface RefusedRequest {
  readonly body: Readonly<Record<string, unknown>>;
  readonly messages: readonly ChatMessage[];
}

/** What to do differently after a refusal; undefined where there is nothing left. */
export function concede(
  refused: Refused,
  request: RefusedRequest,
  made: Concessions,
): Concessions | undefined {
  const { status, names, said } = refused;
  if (![400, 404, 422, 500, 501].includes(status)) return undefined;
  const calls = request.messages.flatMap((message) =>
    'tool_calls' in message ? (message.tool_calls ?? []) : [],
  );
  if (calls.length > 0) {
    if (!made.shortIds && aboutIds(names)) return { ...made, shortIds: true };
    const missing = missingField(names);
    if (missing !== undefined && !made.filled.has(missing)) {
      return { ...made, filled: new Set([...made.filled, missing]) };
    }
    const broken = calls.some((call) => !isWholeObject(call.function.arguments));
    if (!made.wrapped && broken && aboutArguments(names)) return { ...made, wrapped: true };
  }
  const sent = sentFields(request);
  const named = sent.filter((key) => isNamed(key, names));
  if (named.length > 0) return leaveOut(made, named);
  if (!made.toolless && request.body.tools !== undefined && refusesTools(status, said)) {
    return { ...made, toolless: true };
  }
  if (!isVague(refused)) return undefined;
  // Only usage depends on the first; the others are what somebody has set, or what the server itself sent before.
  const vague = sent.includes('stream_options') ? ['stream_options'] : sent.filter((key) => key !== 'stream');
  return vague.length === 0 ? undefined : leaveOut(made, vague);
}

function leaveOut(made: Concessions, fields: readonly string[]): Concessions {
  return { ...made, without: new Set([...made.without, ...fields]) };
}

/** The fields of a request that can be left out. */
function sentFields({ body, messages }: RefusedRequest): string[] {
  const inMessages = JSON.stringify(messages.map((message) => ('tool_calls' in message ? message : {})));
  return [
    ...optionalFields.filter((key) => body[key] !== undefined),
    ...messageFields.filter((key) => inMessages.includes(`"${key}":`)),
  ];
}

const otherWords: Readonly<Record<string, RegExp>> = {
  stream_options: /\bstream_options\b|\binclude_usage\b/i,
  // Ollama: "… does not support thinking".
  reasoning_effort: /\breasoning[ _]effort\b|\b(?:support|enable|disable)\w* (?:thinking|reasoning)\b/i,
  tool_choice: /\btool_choice\b/i,
  // In prose these are no names of fields.
  stream:
    /["'`]stream["'`]|^stream$|\bstream(?:ing)?\b.{0,40}\b(?:not|un)\s?(?:support|allow|availab)|verified to stream/im,
  reasoning: /["'`]reasoning["'`]|^reasoning$/m,
  thinking: /["'`]thinking["'`]|^thinking$/m,
};

function isNamed(key: string, names: string): boolean {
  return (otherWords[key] ?? new RegExp(`\\b${key}\\b`, 'i')).test(names);
}

/**
 * Mistral: "… must be a-z, A-Z, 0-9, with a length of 9"; OpenAI: "Invalid 'messages[2].tool_calls[0].id': string too
 * long".
 */
export function aboutIds(names: string): boolean {
  return /tool_calls?(?:\[\d+\]|\.\d+)?\.id\b|tool[ _]call[ _]id/i.test(names);
}

/** DeepSeek, Kimi: "reasoning_content is missing …"; Gemini: "Function call is missing a thought_signature …". */
function missingField(names: string): 'reasoning_content' | 'thought_signature' | undefined {
  if (!/missing|must be (?:passed|provided|included)|required/i.test(names)) return undefined;
  if (/thought_?signature/i.test(names)) return 'thought_signature';
  return /\breasoning_content\b/i.test(names) ? 'reasoning_content' : undefined;
}

function aboutArguments(names: string): boolean {
  return /\bjson\b|pars(?:e|ing)|argument|expecting|delimiter|dictionary|mapping|unexpected (?:end|token)/i.test(
    names,
  );
}

/** Ollama: "… does not support tools"; llama.cpp without --jinja: "tools param requires --jinja flag". */
function refusesTools(status: number, said: string): boolean {
  return status === 404 ? /support\w* tool/i.test(said) : /\btools?\b/i.test(said);
}

/** It does not say what it refuses: "Extra inputs are not permitted", or nothing. */
function isVague({ status, said, names }: Refused): boolean {
  if (![400, 422].includes(status)) return false;
  if (/context|token|content|policy|model|credit|quota/i.test(names)) return false;
  return (
    said === '' ||
    /extra|unknown|unrecogni[sz]ed|unsupported|unexpected|not (?:permitted|supported|allowed)|additional propert|invalid (?:param|request|arg|field|body)|bad request|request id/i.test(
      said,
    )
  );
}
