import type { Input } from '../contract/inputs.js';
import type { CallWatch } from '../tools/definition/tool.js';

/** What a running tool says, as inputs of the conversation. */
export function callWatch(callId: string, feed: (input: Input) => void): CallWatch {
  return {
    approvalRequired: (remember) => feed({ type: 'tool.approval.required', callId, remember }),
    began: () => feed({ type: 'tool.began', callId }),
    progressed: (update) => feed({ type: 'tool.progressed', callId, ...update }),
    guardrailTripped: (guardrail, message) =>
      feed({ type: 'tool.guardrail.tripped', callId, guardrail, message }),
  };
}
