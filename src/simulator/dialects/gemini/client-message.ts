import { z } from 'zod';
import { isObject } from '../../../base/json.js';
import type { Frame } from '../../../contract/frame.js';
import { reasonOf } from './close-reason.js';
import { ClosingError } from './closing-error.js';
import { blob, content, message, struct } from './protobuf-json.js';
import { type ApiVersion, setupSchemas } from './setup-schema.js';
import { tool } from './tool-schema.js';

const realtimeInput = message({
  audio: blob.optional(),
  video: blob.optional(),
  text: z.string().optional(),
  audioStreamEnd: z.boolean().optional(),
  activityStart: message({}).optional(),
  activityEnd: message({}).optional(),
  mediaChunks: z.array(blob).optional(),
});
export type RealtimeInput = z.infer<typeof realtimeInput>;

const clientContent = message({
  turns: z.array(content).optional(),
  turnComplete: z.boolean().optional(),
});
export type ClientContent = z.infer<typeof clientContent>;

const functionResponse = message({
  id: z.string().optional(),
  name: z.string().optional(),
  /** Must be an object. */
  response: struct.optional(),
  parts: z.array(struct).optional(),
  scheduling: z.enum(['SCHEDULING_UNSPECIFIED', 'SILENT', 'WHEN_IDLE', 'INTERRUPT']).optional(),
  willContinue: z.boolean().optional(),
});
export type FunctionResponse = z.infer<typeof functionResponse>;

const toolResponse = message({ functionResponses: z.array(functionResponse).optional() });
export type ToolResponse = z.infer<typeof toolResponse>;

const contextUpdate = message({ systemInstruction: content.optional(), tools: z.array(tool).optional() });
export type ContextUpdate = z.infer<typeof contextUpdate>;

const kinds = ['setup', 'clientContent', 'realtimeInput', 'toolResponse', 'contextUpdate'] as const;

const schemaOf = (version: ApiVersion) =>
  message({
    setup: setupSchemas[version].optional(),
    clientContent: clientContent.optional(),
    realtimeInput: realtimeInput.optional(),
    toolResponse: toolResponse.optional(),
    contextUpdate: contextUpdate.optional(),
  });
const schemas = { v1: schemaOf('v1'), v1beta: schemaOf('v1beta'), v1alpha: schemaOf('v1alpha') };

export type ClientMessage = z.infer<ReturnType<typeof schemaOf>>;

/** @throws ClosingError with the real server's words where the frame is not a message of this version. */
export function readClientMessage(frame: Frame, version: ApiVersion): ClientMessage {
  const value = parse(typeof frame === 'string' ? frame : new TextDecoder().decode(frame));
  const read = schemas[version].safeParse(value);
  if (!read.success) throw new ClosingError(1007, reasonOf(read.error.issues, value));
  const [, second] = kinds.filter((kind) => read.data[kind] !== undefined);
  if (second !== undefined) {
    throw new ClosingError(
      1007,
      `Invalid value (oneof), oneof field 'message_type' is already set. Cannot set '${second}'`,
    );
  }
  return read.data;
}

function parse(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ClosingError(1007, 'Invalid JSON payload received. Unexpected token.');
  }
  if (!isObject(value)) {
    throw new ClosingError(
      1007,
      'Invalid JSON payload received. Unknown name "": Root element must be a message.',
    );
  }
  return value;
}
