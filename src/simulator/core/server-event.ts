/** A server event without its `event_id`, which the sender adds. Field names are the wire's. */
export interface ServerEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}
