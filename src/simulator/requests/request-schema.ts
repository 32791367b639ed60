import { z } from 'zod';
import { gaLimits, sessionSchemas, type WireLimits } from './session-schema.js';

const id = z.string().min(1).max(512);
const status = z.enum(['in_progress', 'completed', 'incomplete']).optional();
const base = { id: id.optional(), object: z.literal('realtime.item').optional(), status };

const inputText = z.strictObject({ type: z.literal('input_text'), text: z.string() });
const message = z.discriminatedUnion('role', [
  z.strictObject({
    ...base,
    type: z.literal('message'),
    role: z.literal('system'),
    content: z.array(inputText),
  }),
  z.strictObject({
    ...base,
    type: z.literal('message'),
    role: z.literal('user'),
    content: z.array(
      z.discriminatedUnion('type', [
        inputText,
        z.strictObject({
          type: z.literal('input_audio'),
          audio: z.string().optional(),
          transcript: z.string().nullable().optional(),
        }),
        z.strictObject({
          type: z.literal('input_image'),
          image_url: z.string(),
          detail: z.enum(['auto', 'low', 'high']).optional(),
        }),
      ]),
    ),
  }),
  z.strictObject({
    ...base,
    type: z.literal('message'),
    role: z.literal('assistant'),
    content: z.array(
      z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('output_text'), text: z.string() }),
        z.strictObject({
          type: z.literal('output_audio'),
          audio: z.string().optional(),
          transcript: z.string().nullable().optional(),
        }),
      ]),
    ),
  }),
]);
/** The real server refuses any other letters in a call id. */
const callId = z.string().regex(/^[a-zA-Z0-9_-]+$/);
const item = z.discriminatedUnion('type', [
  message,
  z.strictObject({
    ...base,
    type: z.literal('function_call'),
    call_id: callId,
    name: z.string(),
    arguments: z.string(),
  }),
  z.strictObject({
    ...base,
    type: z.literal('function_call_output'),
    call_id: callId,
    output: z.string(),
  }),
]);
export type NewWireItem = z.infer<typeof item>;

const event = <Name extends string, Shape extends z.ZodRawShape>(type: Name, shape: Shape) =>
  z.strictObject({ type: z.literal(type), event_id: z.string().max(512).optional(), ...shape });

/** Everything a client may send, in the GA dialect and a vendor's limits. */
export function requestsWithin(limits: WireLimits) {
  const { patch, responseShape } = sessionSchemas(limits);
  return z.discriminatedUnion('type', [
    event('session.update', { session: patch }),
    event('input_audio_buffer.append', { audio: z.string() }),
    event('input_audio_buffer.commit', {}),
    event('input_audio_buffer.clear', {}),
    event('conversation.item.create', { item, previous_item_id: id.nullable().optional() }),
    event('conversation.item.retrieve', { item_id: id }),
    event('conversation.item.delete', { item_id: id }),
    event('conversation.item.truncate', {
      item_id: id,
      content_index: z.int().min(0),
      audio_end_ms: z.int().min(0),
    }),
    event('response.create', {
      response: z
        .strictObject({
          ...responseShape,
          input: z
            .array(
              z.discriminatedUnion('type', [item, z.strictObject({ type: z.literal('item_reference'), id })]),
            )
            .optional(),
        })
        .optional(),
    }),
    event('response.cancel', { response_id: id.optional() }),
  ]);
}

export const gaRequests = requestsWithin(gaLimits);

export type RequestSchema = ReturnType<typeof requestsWithin>;
export type ClientRequest = z.infer<RequestSchema>;
export type ResponseParams = NonNullable<Extract<ClientRequest, { type: 'response.create' }>['response']>;
