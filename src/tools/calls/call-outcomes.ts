import { isDeepStrictEqual } from 'node:util';
import type { ToolOutcome } from '../../contract/inputs.js';
import type { ToolCall } from '../definition/tool.js';
import { failed } from './failure-outcome.js';

/** Outcomes that are kept, so that a call that a provider repeats is not run twice. */
const mostRemembered = 64;

interface Remembered {
  readonly call: ToolCall;
  readonly outcome: Promise<ToolOutcome>;
}

/** The outcomes of this session's calls, by their ids. */
export class CallOutcomes {
  private readonly calls = new Map<string, Remembered>();

  /** The outcome of this call; `conflict` if the same id was used for a different call. */
  of(call: ToolCall): Promise<ToolOutcome> | 'conflict' | undefined {
    const known = this.calls.get(call.callId);
    if (known === undefined) return undefined;
    return same(known.call, call) ? known.outcome : 'conflict';
  }

  /** @param isRunning a running call is never forgotten. */
  add(call: ToolCall, outcome: Promise<ToolOutcome>, isRunning: (callId: string) => boolean): void {
    this.calls.set(call.callId, { call, outcome });
    if (this.calls.size <= mostRemembered) return;
    for (const old of this.calls.keys()) {
      if (isRunning(old) || old === call.callId) continue;
      this.calls.delete(old);
      return;
    }
  }
}

function same(a: ToolCall, b: ToolCall): boolean {
  if (a.name !== b.name) return false;
  return a.arguments === b.arguments || isDeepStrictEqual(parsed(a), parsed(b));
}

/** Text that is not JSON equals only itself. */
function parsed({ arguments: text }: ToolCall): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function idUsedBefore(name: string): ToolOutcome {
  const message = `This call of ${name} was not run: a call with other arguments had the same id. Call it again with a new id.`;
  return failed('call.conflict', message, 0);
}
