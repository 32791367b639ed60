import { isRecord, kindOf } from '../record.js';
import { Refusal } from '../refusal.js';
import type { ToolContext, ToolInput, ToolInputGuardrail } from '../tool.js';
import { thrown } from './failure-outcome.js';

interface CheckWatch {
  guardrailTripped(guardrail: string, message: string): void;
}

/**
 * Asks the guardrails one after the other; the first that is against the call decides. One that fails is against it, too: a
 * lock that is broken stays shut.
 * @throws Refusal for the model.
 */
export async function checkInput(
  guardrails: readonly ToolInputGuardrail[],
  input: ToolInput,
  env: ToolContext['env'],
  watch: CheckWatch | undefined,
): Promise<void> {
  const neutral = `${input.name} was not run: a check refused it.`;
  for (const guardrail of guardrails) {
    const verdict = await verdictOf(guardrail, input, env);
    // Given up meanwhile: nobody wants to know the verdict any more.
    input.signal.throwIfAborted();
    switch (verdict.kind) {
      case 'pass':
        break;
      case 'refuse':
        watch?.guardrailTripped(guardrail.name, verdict.words);
        throw new Refusal('guardrail', verdict.words.trim() === '' ? neutral : verdict.words);
      case 'raise':
        watch?.guardrailTripped(guardrail.name, verdict.words);
        throw new Refusal('guardrail', verdict.words.trim() === '' ? neutral : verdict.words, true);
      case 'broken':
        watch?.guardrailTripped(guardrail.name, verdict.why);
        throw new Refusal('guardrail', neutral);
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
  if (isRecord(verdict) && typeof verdict.raise === 'string') return { kind: 'raise', words: verdict.raise };
  return {
    kind: 'broken',
    why: `It answered with ${kindOf(verdict)}, not with nothing, true, a text or { raise }.`,
  };
}
