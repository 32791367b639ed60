import { z } from 'zod';
import type { Facts } from '../../contract/facts.js';
import { backendChoices, echoModes } from '../../contract/sound-options.js';
import { encodeFrame, FrameType } from './frames.js';

const part = { itemId: z.string(), contentIndex: z.number() };
const backend = z.enum(backendChoices);
const echo = z.enum(echoModes);

const order = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('open'),
    backend,
    /** Backends not to try: opening them killed a helper. */
    without: z.array(z.string()),
    echo,
    inputRateHz: z.number(),
    outputRateHz: z.number(),
    /** Index, or part of a name; null = the system's default. */
    inputDevice: z.string().nullable(),
    outputDevice: z.string().nullable(),
    input: z.boolean(),
    output: z.boolean(),
    /** One side is enough where the other cannot be opened. */
    partial: z.boolean().optional(),
    muted: z.boolean(),
  }),
  z.object({ type: z.literal('list'), backend }),
  z.object({ type: z.literal('end'), ...part }),
  z.object({ type: z.literal('clear'), epoch: z.number() }),
  z.object({ type: z.literal('mute'), muted: z.boolean() }),
  z.object({ type: z.literal('echo'), mode: echo }),
  z.object({ type: z.literal('close') }),
]);

const parts = z.array(z.object({ ...part, samples: z.number() }));
const device = z.object({
  index: z.number(),
  name: z.string(),
  hostApi: z.string(),
  inputs: z.number(),
  outputs: z.number(),
  defaultRateHz: z.number(),
  defaultInput: z.boolean(),
  defaultOutput: z.boolean(),
});

const facts: z.ZodType<Facts> = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]),
);

const report = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('opened'),
    backend: z.string(),
    inputName: z.string().nullable(),
    outputName: z.string().nullable(),
  }),
  z.object({ type: z.literal('devices'), backend: z.string(), devices: z.array(device) }),
  /** Opening or listing failed: the fields of a `VoxtermError`. */
  z.object({
    type: z.literal('refused'),
    code: z.string(),
    message: z.string(),
    hint: z.string(),
    facts: facts.optional(),
  }),
  /** Several times a second: how much the devices have delivered and taken so far. */
  z.object({ type: z.literal('beat'), framesRead: z.number(), blocksWritten: z.number() }),
  z.object({ type: z.literal('rendered'), parts, level: z.number() }),
  z.object({ type: z.literal('cleared'), epoch: z.number(), parts }),
  z.object({ type: z.literal('drained') }),
  z.object({ type: z.literal('underrun'), count: z.number() }),
  z.object({ type: z.literal('silent'), message: z.string(), hint: z.string() }),
  /** A stream ended. The helper is useless from now on. */
  z.object({ type: z.literal('lost'), message: z.string() }),
]);

/** Messages from a session to its helper. */
export type Order = z.infer<typeof order>;
export type OpenOrder = Extract<Order, { type: 'open' }>;
/** Messages from the helper to its session. */
export type Report = z.infer<typeof report>;

export function encodeMessage(message: Order | Report): Uint8Array {
  return encodeFrame(FrameType.message, new TextEncoder().encode(JSON.stringify(message)));
}

/** Undefined when it is not an order, which happens only between different versions. */
export function decodeOrder(payload: Uint8Array): Order | undefined {
  return order.safeParse(json(payload)).data;
}

/** Undefined when it is not a report. */
export function decodeReport(payload: Uint8Array): Report | undefined {
  return report.safeParse(json(payload)).data;
}

function json(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return undefined;
  }
}
