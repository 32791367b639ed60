import type { Random } from '../../test/conversation/support/random.js';

/** Where and how a talk is cut. */
export interface Cut {
  readonly question: 'spoken' | 'typed';
  /** While the question is on its way, in the answer, or while a tool runs. */
  readonly phase: 'question' | 'answer' | 'tool';
  /** How much of that phase is over, 0 to 1. */
  readonly part: number;
  /** How long no new connection can be made. */
  readonly downMs: number;
}

const phases = ['question', 'question', 'answer', 'tool'] as const;
const longestDownMs = 600;

/** The cut with this number. `typed`: whether the provider takes typed questions. */
export function planCut(index: number, typed: boolean, random: Random): Cut {
  return {
    question: typed && index % 3 === 2 ? 'typed' : 'spoken',
    phase: phases[index % phases.length] ?? 'question',
    part: random.next(),
    downMs: random.next() < 0.5 ? 0 : random.next() * longestDownMs,
  };
}
