import type { ReplyEnd } from './reply.js';

const completed: ReplyEnd = { status: 'completed' };

/** Why the model stopped, where the server says so (`turnCompleteReason`). */
export function replyEnd(reason: string | undefined): ReplyEnd {
  switch (reason) {
    case undefined:
    case 'TURN_COMPLETE_REASON_UNSPECIFIED':
    case 'NEED_MORE_INPUT':
      return completed;
    case 'MALFORMED_FUNCTION_CALL':
      return failed(reason, 'The model wrote a tool call that cannot be read.');
    case 'RESPONSE_REJECTED':
      return failed(reason, 'The model rejected its own answer.');
    case 'MAX_REGENERATION_REACHED':
      return failed(reason, 'The model tried several times and found no permitted answer.');
    default:
      // Many values with one meaning: the input or the answer is not allowed.
      return { status: 'incomplete', reason: 'content_filter' };
  }
}

function failed(code: string, message: string): ReplyEnd {
  return { status: 'failed', reason: code, error: { code, message } };
}
