import { fitsPattern } from '../definition/name-pattern.js';
import type { Approval, Tool, ToolContext } from '../definition/tool.js';

/** Whether calls of this tool may need permission. */
export function mayAsk({ approval = 'never' }: Pick<Tool, 'approval'>): boolean {
  return approval !== 'never';
}

/** The approval that this call needs: `ask` when the tool's own function fails. */
export async function approvalOf(
  { approval = 'never' }: Pick<Tool, 'approval'>,
  args: unknown,
  context: ToolContext,
): Promise<Approval> {
  if (typeof approval !== 'function') return approval;
  try {
    const answer: unknown = await approval(args, context);
    // Only an explicit false means no: a forgotten `return` must not let a call through.
    return answer === false ? 'never' : 'ask';
  } catch {
    return 'ask';
  }
}

/** The user's rule for this tool: an exact name comes before patterns, and patterns apply in their order. */
export function ruleFor(tool: string, rules: Readonly<Record<string, Approval>>): Approval | undefined {
  if (Object.hasOwn(rules, tool)) return rules[tool];
  return Object.entries(rules).find(([pattern]) => fitsPattern(tool, pattern))?.[1];
}
