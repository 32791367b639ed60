import { isObject, kindOf } from '../../base/json.js';
import type { ToolContext, ToolInput, ToolInputGuardrail } from '../definition/tool.js';
import { RefusedCall } from '../definition/tool-error.js';
import { thrown } from './failure-outcome.js';

interface CheckWatch {
  guardrailTripped(guardrail: string, message: string): void;
}

/**
 * Runs the guardrails one after the other; the first that refuses the call decides. A guardrail that fails also refuses
 * it, to be on the safe side. @throws RefusedCall with a message for the model.
 */
export async function checkInputGuardrails(
  guardrails: readonly ToolInputGuardrail[],
  input: ToolInput,
  env: ToolContext['env'],
  watch: CheckWatch | undefined,
): Promise<void> {
  const neutral = `${input.name} was not run: a check refused it.`;
  for (const guardrail of guardrails) {
    const verdict = await verdictOf(guardrail, input, env);
    // If the call was cancelled meanwhile, the verdict no longer matters.
    input.signal.throwIfAborted();
    switch (verdict.kind) {
      case 'pass':
        break;
      case 'refuse':
        watch?.guardrailTripped(guardrail.name, verdict.words);
        throw new RefusedCall('guardrail', verdict.words.trim() === '' ? neutral : verdict.words);
      case 'raise':
        watch?.guardrailTripped(guardrail.name, verdict.words);
        throw new RefusedCall('guardrail', verdict.words.trim() === '' ? neutral : verdict.words, true);
      case 'broken':
        watch?.guardrailTripped(guardrail.name, verdict.why);
        throw new RefusedCall('guardrail', neutral);
    }
  }
}

type Verdict =
  | { readonly kind: 'pass' }
  | { readonly kind: 'refuse' | 'raise'; readonly words: string }
  | { readonly kind: 'broken'; readonly why: string };

async function verdictOf(
  guardrail: ToolInputGuardrail,
  input: ToolInput,
  env: ToolContext['env'],
): Promise<Verdict> {
  let verdict: unknown;
  try {
    verdict = await guardrail.check(input);
  } catch (error) {
    return { kind: 'broken', why: `It failed: ${thrown(error, env).message}` };
  }
  if (verdict === undefined || verdict === true) return { kind: 'pass' };
  if (typeof verdict === 'string') return { kind: 'refuse', words: verdict };
  if (isObject(verdict) && typeof verdict.raise === 'string') return { kind: 'raise', words: verdict.raise };
  return {
    kind: 'broken',
    why: `It returned ${kindOf(verdict)}; expected nothing, true, a text or { raise }.`,
  };
}
