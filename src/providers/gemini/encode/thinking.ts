import type { JsonObject } from '../../../base/json.js';
import type { SessionSettings } from '../../../contract/settings.js';
import type { ModelFacts } from '../models.js';

type Effort = NonNullable<SessionSettings['reasoningEffort']>;

/** In tokens: 0 switches thinking off, 24,576 is the maximum of 2.5 Flash. */
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

/** `thinkingConfig`; undefined if the model refuses it or no effort was asked for. */
export function thinkingConfig(effort: Effort | undefined, { thinking }: ModelFacts): JsonObject | undefined {
  switch (thinking) {
    case 'none':
      return undefined;
    case 'budget':
      return effort && { thinkingBudget: budgets[effort] };
    case 'level':
      return effort && { thinkingLevel: levels[effort] };
    case 'requiredLevel': {
      // It is mandatory, and LOW is the lowest level of these models.
      const level = levels[effort ?? 'low'];
      return { thinkingLevel: level === 'MINIMAL' ? 'LOW' : level };
    }
  }
}

/** The effort that is used instead; undefined if the model has the one that was asked for. */
export function thinkingInstead(effort: Effort | undefined, { thinking }: ModelFacts): string | undefined {
  if (effort === undefined || thinking === 'none' || thinking === 'budget') return undefined;
  if (effort === 'xhigh') return 'high';
  if (thinking === 'level') return effort === 'none' ? 'minimal' : undefined;
  return effort === 'none' || effort === 'minimal' ? 'low' : undefined;
}
