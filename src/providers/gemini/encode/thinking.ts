import type { JsonObject } from '../../../base/json.js';
import type { SessionSettings } from '../../../contract/settings.js';
import type { ModelFacts } from '../models.js';

type Effort = NonNullable<SessionSettings['reasoningEffort']>;

/** Tokens: 0 switches it off, 24576 is the most that 2.5 Flash takes. */
const budgets: Record<Effort, number> = {
  none: 0,
  minimal: 128,
  low: 1024,
  medium: 4096,
  high: 12_288,
  xhigh: 24_576,
};

const levels: Record<Effort, string> = {
  none: 'MINIMAL',
  minimal: 'MINIMAL',
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
  xhigh: 'HIGH',
};

/** `thinkingConfig`, or nothing where the model refuses it or nobody asked. */
export function thinkingConfig(effort: Effort | undefined, { thinking }: ModelFacts): JsonObject | undefined {
  switch (thinking) {
    case 'none':
      return undefined;
    case 'budget':
      return effort && { thinkingBudget: budgets[effort] };
    case 'level':
      return effort && { thinkingLevel: levels[effort] };
    case 'requiredLevel': {
      // It must be there, and the model has no lower one.
      const level = levels[effort ?? 'low'];
      return { thinkingLevel: level === 'MINIMAL' ? 'LOW' : level };
    }
  }
}

/** What the model does instead of what was asked, in words; undefined where it does that. */
export function thinkingInstead(effort: Effort | undefined, { thinking }: ModelFacts): string | undefined {
  if (effort === undefined || thinking === 'none' || thinking === 'budget') return undefined;
  if (effort === 'xhigh') return 'high';
  if (thinking === 'level') return effort === 'none' ? 'minimal' : undefined;
  return effort === 'none' || effort === 'minimal' ? 'low' : undefined;
}
