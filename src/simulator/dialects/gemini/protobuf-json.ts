import { z } from 'zod';
import { isObject } from '../../../base/json.js';

/**
 * A protocol buffer in JSON: every field has two names, the lower camel case one and the one with underscores; null
 * means that the field is absent; an unknown name is an error.
 */
export function message<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess((value) => withCanonicalNames(value, shape), z.strictObject(shape));
}

function withCanonicalNames(value: unknown, shape: z.ZodRawShape): unknown {
  if (!isObject(value)) return value;
  const named = Object.entries(value).flatMap(([key, field]) => {
    if (field === null) return [];
    const camel = key.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    return [[Object.hasOwn(shape, camel) ? camel : key, field] as const];
  });
  return Object.fromEntries(named);
}

/** A field whose content is not checked. */
export const anything = z.unknown().optional();
/** `google.protobuf.Struct`: an object with keys of the user's own. */
export const struct = z.record(z.string(), z.unknown());
/** 64-bit integers are written as text, and read as both. */
export const int64 = z.union([z.string().regex(/^-?\d+$/), z.int()]);
/** `bytes`: base64 with either alphabet, padded or not. */
const bytes = z.string().regex(/^[A-Za-z0-9+/_-]*={0,2}$/);
export const blob = message({ mimeType: z.string().optional(), data: bytes.optional() });
export type Blob = z.infer<typeof blob>;

/** One turn or instruction. */
export const content = message({
  role: z.string().optional(),
  parts: z
    .array(
      message({
        text: z.string().optional(),
        inlineData: blob.optional(),
        fileData: anything,
        functionCall: anything,
        functionResponse: anything,
        executableCode: anything,
        codeExecutionResult: anything,
        videoMetadata: anything,
        mediaResolution: anything,
        thought: z.boolean().optional(),
        thoughtSignature: z.string().optional(),
        partMetadata: anything,
      }),
    )
    .optional(),
});
export type Content = z.infer<typeof content>;
