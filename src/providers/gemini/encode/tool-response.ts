import { isObject, type JsonObject } from '../../../base/json.js';
import type { ConnectionState } from '../connection-state.js';
import { functionName } from './declarations.js';

/**
 * The result of a call; the server then continues by itself. Empty if the call has a result already or was cancelled:
 * the server would refuse it.
 */
export function toolResponse(
  state: ConnectionState,
  { callId, output }: { readonly callId: string; readonly output: string },
): JsonObject[] {
  const call = state.calls.take(callId);
  if (call === undefined) return [];
  const { id, name } = call;
  state.resultUnanswered = true;
  state.lastPart = undefined;
  // If the model waits for it, the calling reply continues; otherwise the result is answered by a new reply.
  if (state.openReply === undefined || state.asyncTools.has(name)) state.resultSent = true;
  // Spoken about in the next pause, not in the middle of a sentence.
  const scheduling = state.asyncTools.has(name) ? { scheduling: 'WHEN_IDLE' } : {};
  const response = {
    ...(id !== undefined && { id }),
    name: functionName(name),
    response: responseObject(output),
    ...scheduling,
  };
  return [{ toolResponse: { functionResponses: [response] } }];
}

/** The result must be an object; failures already are: `{"error": …}`. */
function responseObject(output: string): JsonObject {
  try {
    const value: unknown = JSON.parse(output);
    return isObject(value) ? value : { output: value };
  } catch {
    return { output };
  }
}
