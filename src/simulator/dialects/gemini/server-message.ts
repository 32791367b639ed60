import { isObject } from '../../../base/json.js';
import type { Frame } from '../../../contract/frame.js';
import type { Call } from './pending-calls.js';

interface ModalityCount {
  readonly modality: 'TEXT' | 'AUDIO' | 'IMAGE';
  readonly tokenCount: number;
}

export interface UsageMetadata {
  readonly promptTokenCount: number;
  readonly responseTokenCount: number;
  readonly totalTokenCount: number;
  readonly promptTokensDetails: readonly ModalityCount[];
  readonly responseTokensDetails: readonly ModalityCount[];
}

/** A message of this server; it may have several fields. */
export interface ServerMessage {
  readonly setupComplete?: { readonly sessionId: string };
  readonly serverContent?: {
    readonly modelTurn?: {
      readonly role: 'model';
      readonly parts: readonly {
        readonly inlineData: { readonly mimeType: string; readonly data: string };
      }[];
    };
    readonly inputTranscription?: { readonly text: string };
    readonly outputTranscription?: { readonly text: string };
    readonly generationComplete?: true;
    readonly interrupted?: true;
    readonly turnComplete?: true;
  };
  readonly toolCall?: { readonly functionCalls: readonly Call[] };
  readonly toolCallCancellation?: { readonly ids: readonly string[] };
  readonly usageMetadata?: UsageMetadata;
  readonly goAway?: { readonly timeLeft: string };
  readonly sessionResumptionUpdate?: { readonly newHandle?: string; readonly resumable: boolean };
  readonly voiceActivity?: {
    readonly voiceActivityType: 'ACTIVITY_START' | 'ACTIVITY_END';
    readonly audioOffset: string;
  };
}

/** JSON in a binary message. */
export function toFrame(message: ServerMessage): Frame {
  return Buffer.from(JSON.stringify(message));
}

/** A duration as protocol buffers write it. */
export function seconds(s: number): string {
  return `${Math.round(s * 1000) / 1000}s`;
}

const mimeType = 'audio/pcm;rate=24000';

export function modelAudio(data: string): NonNullable<ServerMessage['serverContent']> {
  return { modelTurn: { role: 'model', parts: [{ inlineData: { mimeType, data } }] } };
}

/** From the usage of a response in the GA dialect. */
export function toUsage(usage: unknown, earlier: UsageMetadata | undefined): UsageMetadata {
  const input = fields(fields(usage).input_token_details);
  const output = fields(fields(usage).output_token_details);
  const responseTokensDetails = withEarlier(counts(output), earlier?.responseTokensDetails);
  const promptTokensDetails = counts(input);
  const promptTokenCount = total(promptTokensDetails);
  const responseTokenCount = total(responseTokensDetails);
  return {
    promptTokenCount,
    responseTokenCount,
    totalTokenCount: promptTokenCount + responseTokenCount,
    promptTokensDetails,
    responseTokensDetails,
  };
}

/** One turn may consist of several answers, with tool calls between them. */
function withEarlier(
  now: readonly ModalityCount[],
  earlier: readonly ModalityCount[] = [],
): readonly ModalityCount[] {
  const modalities = [...new Set([...earlier, ...now].map(({ modality }) => modality))];
  return modalities.map((modality) => ({
    modality,
    tokenCount: total([...earlier, ...now].filter((count) => count.modality === modality)),
  }));
}

function counts(details: Readonly<Record<string, unknown>>): ModalityCount[] {
  const found = (['text', 'audio', 'image'] as const).flatMap((name) => {
    const tokenCount = details[`${name}_tokens`];
    return typeof tokenCount === 'number' && tokenCount > 0 ? [{ name, tokenCount }] : [];
  });
  const modality = { text: 'TEXT', audio: 'AUDIO', image: 'IMAGE' } as const;
  return found.map(({ name, tokenCount }) => ({ modality: modality[name], tokenCount }));
}

function total(details: readonly ModalityCount[]): number {
  return details.reduce((sum, { tokenCount }) => sum + tokenCount, 0);
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}
