import { z } from 'zod';
import { approvalRules } from '../../tools/definition/tool.js';

const text = z.string().min(1).describe('a text that is not empty');
const pattern = z.string().min(1).describe('the name of a tool, or a part of it with *, such as read_*');

/**
 * One server, in the format that MCP programs share. Which of `command` and `url` belongs to which type is checked
 * afterwards, where a message can name the place.
 */
const server = z.strictObject({
  type: z.enum(['stdio', 'http', 'streamable-http']).optional(),
  command: text.optional(),
  args: z.array(z.string()).optional(),
  env: z.record(text, z.string()).optional(),
  cwd: text.optional(),
  url: text.optional(),
  headers: z.record(text, z.string()).optional(),
  allow: z.array(pattern).optional(),
  deny: z.array(pattern).optional(),
  approval: z.enum(approvalRules).optional(),
  timeoutMs: z.int().min(100).max(600_000).optional(),
  disabled: z.boolean().optional(),
});

/** `mcpServers` of a configuration: servers by name. */
export const mcpServersSchema = z.record(text, server);

/** As written in the file: nothing is expanded. */
export type McpServersSection = z.infer<typeof mcpServersSchema>;
