import type { SessionEventBody } from '../contract/session-events.js';

/** Whether the user speaks or writes, which ends what the assistant does without user input. */
export function isUserActivity(event: SessionEventBody): boolean {
  if (event.type === 'history.updated') {
    const { change, item } = event;
    return change === 'added' && item.kind === 'message' && item.role === 'user';
  }
  return event.type === 'speech.started' || event.type === 'user.transcript.delta';
}
