import { fitsPattern } from '../name-pattern.js';
import type { Approval, Tool, ToolContext } from '../tool.js';

/** Whether calls of this tool may have to wait for somebody. */
export function mayAsk({ approval = 'never' }: Pick<Tool, 'approval'>): boolean {
  return approval !== 'never';
}

/** What this call needs. A tool that cannot decide it asks. */
export async function approvalOf(
  { approval = 'never' }: Pick<Tool, 'approval'>,
  args: unknown,
  context: ToolContext,
): Promise<Approval> {
  if (typeof approval !== 'function') return approval;
  try {
    const answer: unknown = await approval(args, context);
    // Nothing but a clear no is a no: a forgotten `return` must not let a call through.
    return answer === false ? 'never' : 'ask';
  } catch {
    return 'ask';
  }
}

/** What the user wants for tools of this name: the name itself counts before patterns, and those in their order. */
export function ruleFor(tool: string, rules: Readonly<Record<string, Approval>>): Approval | undefined {
  if (Object.hasOwn(rules, tool)) return rules[tool];
  return Object.entries(rules).find(([pattern]) => fitsPattern(tool, pattern))?.[1];
}
