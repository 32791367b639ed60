import { z } from 'zod';

/** A scenario file. docs/scenarios.md explains every key; a test keeps the two together. */
const toneHz = z.number().min(20).max(10_000);
const pace = z.union([z.literal('fast'), z.number().min(0.1).max(1000)]);
const ms = z.int().min(0).max(600_000);
const afterDeltas = z.int().min(1);

const toolCall = z.strictObject({
  name: z.string().min(1),
  /** Text is passed on unchanged, so that broken JSON can be tested. */
  arguments: z.union([z.record(z.string(), z.unknown()), z.string()]).default({}),
});

const faults = z.strictObject({
  dropResponseCreated: z.boolean().optional(),
  duplicateDelta: afterDeltas.optional(),
  strayDeltas: z.int().min(1).max(1000).optional(),
  stall: z.strictObject({ afterDeltas, ms }).optional(),
  garbage: z.strictObject({ afterDeltas, frame: z.string().default('{"type": "respon') }).optional(),
  error: z
    .strictObject({
      afterDeltas,
      code: z.string().default('server_error'),
      message: z.string().default('The server had an error while processing your request.'),
    })
    .optional(),
  close: z
    .strictObject({
      code: z.int().min(1000).max(4999).default(1011),
      reason: z.string().max(123).default(''),
      afterMs: ms.optional(),
      afterDeltas: afterDeltas.optional(),
    })
    .refine((close) => close.afterMs === undefined || close.afterDeltas === undefined, {
      error: 'afterMs and afterDeltas exclude each other',
    })
    .optional(),
  lateTranscriptMs: ms.optional(),
  failTranscript: z.string().min(1).optional(),
});

/** What the assistant does, and what it does when the tools have answered. */
export interface ScenarioStep {
  readonly delayMs?: number | undefined;
  readonly say?: string | undefined;
  readonly tool?: z.infer<typeof toolCall> | undefined;
  readonly tools?: readonly z.infer<typeof toolCall>[] | undefined;
  readonly said?: string | undefined;
  readonly afterTool?: ScenarioStep | undefined;
  readonly pace?: z.infer<typeof pace> | undefined;
  readonly tone?: number | undefined;
  readonly faults?: z.infer<typeof faults> | undefined;
}

/** A step as it is written, where what has a default may be left out. */
interface ScenarioStepInput extends Omit<ScenarioStep, 'tool' | 'tools' | 'afterTool' | 'faults'> {
  readonly tool?: z.input<typeof toolCall> | undefined;
  readonly tools?: readonly z.input<typeof toolCall>[] | undefined;
  readonly afterTool?: ScenarioStepInput | undefined;
  readonly faults?: z.input<typeof faults> | undefined;
}

const stepShape = {
  delayMs: ms.optional(),
  say: z.string().optional(),
  tool: toolCall.optional(),
  tools: z.array(toolCall).min(1).optional(),
  said: z.string().optional(),
  afterTool: z.lazy((): z.ZodType<ScenarioStep, ScenarioStepInput> => step).optional(),
  pace: pace.optional(),
  tone: toneHz.optional(),
  faults: faults.optional(),
};

/** Why a step makes no sense; undefined when it does. */
function contradiction({ tool, tools, said, afterTool }: ScenarioStep): string | undefined {
  if (tool !== undefined && tools !== undefined) {
    return 'tool and tools exclude each other: put every call into tools';
  }
  if (afterTool !== undefined && said !== undefined) {
    return 'said and afterTool exclude each other: put said into afterTool';
  }
  if (afterTool !== undefined && tool === undefined && tools === undefined) {
    return 'afterTool needs tool or tools beside it';
  }
  return undefined;
}

function checkStep(value: ScenarioStep, context: z.RefinementCtx): void {
  const message = contradiction(value);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
}

const step = z.strictObject(stepShape).superRefine(checkStep);

const pattern = z.string().superRefine((text, context) => {
  try {
    new RegExp(text, 'iu');
  } catch (error) {
    context.addIssue({
      code: 'custom',
      message: error instanceof Error ? error.message : 'no regular expression',
    });
  }
});

const turn = z
  .strictObject({ when: pattern.optional(), heard: z.string().min(1).optional(), ...stepShape })
  .superRefine((value, context) => {
    checkStep(value, context);
    if (value.when !== undefined && value.heard !== undefined) {
      const message =
        'when and heard exclude each other: a turn is either played in order or matched by its words';
      context.addIssue({ code: 'custom', message });
    }
  });

export const scenarioSchema = z.strictObject({
  $schema: z.string().optional(),
  description: z.string().optional(),
  voice: z.enum(['system', 'tone']).default('system'),
  tone: toneHz.optional(),
  pace: pace.default(5),
  sessionLimitS: z.number().min(0.1).max(86_400).optional(),
  connectionLimitS: z.number().min(0.1).max(86_400).optional(),
  turns: z.array(turn).min(1),
  repeat: z.boolean().default(false),
  otherwise: step.optional(),
});

/** What a test says the user, the model and the network do. */
export type Scenario = z.infer<typeof scenarioSchema>;
/** The same as it is written: in a file, or in a program. */
export type ScenarioInput = z.input<typeof scenarioSchema>;
export type ScenarioTurn = Scenario['turns'][number];
