import type { SessionEventBody } from '../contract/session-events.js';

/** The user speaks or writes: what the assistant did without him is over. */
export function isUserActivity(event: SessionEventBody): boolean {
  if (event.type === 'history.updated') {
    const { change, item } = event;
    return change === 'added' && item.kind === 'message' && item.role === 'user';
  }
  return event.type === 'speech.started' || event.type === 'user.transcript.delta';
}
