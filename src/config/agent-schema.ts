import { z } from 'zod';
import { approvalRules } from '../tools/definition/tool.js';
import { name } from './values.js';

/** The schema of agents, guardrails and tools in the configuration file. */
const approval = z.enum(approvalRules);

/** One word check. That it has either terms or a pattern is checked later, where a message can name the place. */
const guardrail = z.strictObject({
  name,
  terms: z.array(name).min(1).optional(),
  /** A regular expression; its flags are separate. */
  pattern: name.optional(),
  flags: z
    .string()
    .regex(/^[imsuv]*$/)
    .describe('flags of a regular expression: i, m, s, u, v')
    .optional(),
  /** For the model, instead of the default text. */
  feedback: name.optional(),
});

const guardrailsSchema = z.array(guardrail);

/** A local program with arguments; there is no shell. */
const commandTool = z.strictObject({
  type: z.literal('command'),
  name,
  description: name,
  command: name,
  args: z.array(z.string()).optional(),
  parameters: z.record(name, z.unknown()).optional(),
  timeoutMs: z.int().min(100).max(600_000).optional(),
  maxOutputBytes: z.int().min(1).max(1_048_576).optional(),
  cwd: name.optional(),
  /** Names of the variables it may see, or variables with their values. */
  env: z.union([z.array(name), z.record(name, z.string())]).optional(),
  stdin: z.string().optional(),
  /** Allow placeholders where the model's text could become a command. */
  unsafe: z.boolean().optional(),
  approval: approval.optional(),
});

/** Built-in tools and modules are given as strings. */
export const toolsSchema = z.array(z.union([name, commandTool]));

const handoff = z.strictObject({
  agent: name,
  toolName: name.optional(),
  toolDescription: name.optional(),
});

const agent = z.strictObject({
  /** Text, or `@file` relative to the configuration file. */
  instructions: z.string().optional(),
  voice: name.optional(),
  tools: toolsSchema.optional(),
  mcpServers: z.array(name).optional(),
  handoffs: z.array(z.union([name, handoff])).optional(),
  handoffDescription: name.optional(),
  guardrails: guardrailsSchema.optional(),
});

/** The keys about agents at the top level of the configuration file. */
export const agentKeys = {
  agents: z.record(name, agent).optional(),
  agent: name.optional(),
  /** Values for `{{name}}` in instructions. */
  variables: z.record(name, z.string()).optional(),
  guardrails: guardrailsSchema.optional(),
  guardrailDebounce: z.int().min(1).max(10_000).optional(),
  /** Programs that tools of type "command" may start. */
  programs: z.array(name).optional(),
  /** By the name of a tool; overrides what the tool itself asks for. */
  approvals: z.record(name, approval).optional(),
  /** Tools that run without asking. */
  allowTools: z.array(name).optional(),
};

export type GuardrailConfig = z.infer<typeof guardrail>;
export type CommandToolConfig = z.infer<typeof commandTool>;
export type AgentConfig = z.infer<typeof agent>;
