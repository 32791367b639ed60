import { isObject, type JsonObject } from '../../../base/json.js';
import type { Exchange } from '../exchange.js';

/**
 * The answer to a call, once. The server continues by itself. A call it has cancelled is not answered: it would refuse that.
 */
export function toolResponse(
  exchange: Exchange,
  { callId, output }: { readonly callId: string; readonly output: string },
): JsonObject[] {
  const call = exchange.calls.take(callId);
  if (call === undefined) return [];
  const { id, name } = call;
  // Where the model waits for it, the reply that called goes on; otherwise the result is told in a reply of its own.
  if (exchange.openReply === undefined || exchange.asyncTools.has(name)) exchange.resultSent = true;
  // Said in the next pause, not into the middle of a sentence.
  const scheduling = exchange.asyncTools.has(name) ? { scheduling: 'WHEN_IDLE' } : {};
  const response = { ...(id !== undefined && { id }), name, response: responseObject(output), ...scheduling };
  return [{ toolResponse: { functionResponses: [response] } }];
}

/** It has to be an object; failures come as `{"error": …}` already. */
function responseObject(output: string): JsonObject {
  try {
    const value: unknown = JSON.parse(output);
    return isObject(value) ? value : { output: value };
  } catch {
    return { output };
  }
}
