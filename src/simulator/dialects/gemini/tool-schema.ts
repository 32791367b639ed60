import { z } from 'zod';
import { anything, int64, message, struct } from './protobuf-json.js';

/**
 * What `parameters` may hold: a part of OpenAPI, not JSON Schema. `additionalProperties`, `$ref` and the like are
 * unknown names; `parametersJsonSchema` allows them.
 */
const schema: z.ZodType = z.lazy(() =>
  message({
    type: z.string().optional(),
    format: z.string().optional(),
    title: z.string().optional(),
    description: z.string().optional(),
    nullable: z.boolean().optional(),
    enum: z.array(z.string()).optional(),
    maxItems: int64.optional(),
    minItems: int64.optional(),
    properties: z.record(z.string(), schema).optional(),
    required: z.array(z.string()).optional(),
    minProperties: int64.optional(),
    maxProperties: int64.optional(),
    minLength: int64.optional(),
    maxLength: int64.optional(),
    pattern: z.string().optional(),
    example: anything,
    anyOf: z.array(schema).optional(),
    propertyOrdering: z.array(z.string()).optional(),
    default: anything,
    items: schema.optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
  }),
);

const functionDeclaration = message({
  /** Letters, digits, underscores, colons, dots and dashes; 128 at most. */
  name: z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}$/),
  description: z.string().optional(),
  parameters: schema.optional(),
  parametersJsonSchema: struct.optional(),
  response: schema.optional(),
  responseJsonSchema: anything,
  behavior: z.enum(['UNSPECIFIED', 'BLOCKING', 'NON_BLOCKING']).optional(),
});
export type FunctionDeclaration = z.infer<typeof functionDeclaration>;

export const tool = message({
  functionDeclarations: z.array(functionDeclaration).optional(),
  googleSearch: struct.optional(),
  googleSearchRetrieval: struct.optional(),
  googleMaps: struct.optional(),
  codeExecution: struct.optional(),
  urlContext: struct.optional(),
  fileSearch: struct.optional(),
  computerUse: struct.optional(),
  mcpServers: z.array(struct).optional(),
});
export type Tool = z.infer<typeof tool>;
