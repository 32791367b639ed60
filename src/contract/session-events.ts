import type { z } from 'zod';
import type { sessionEventSchema } from './session-event-schema.js';

/** One public event. `at` is milliseconds since the session started. */
export type SessionEvent = z.infer<typeof sessionEventSchema>;

export type SessionEventType = SessionEvent['type'];

type WithoutTime<E> = E extends unknown ? Omit<E, 'at'> : never;

/** What the heart emits; the caller knows the time. */
export type SessionEventBody = WithoutTime<SessionEvent>;
