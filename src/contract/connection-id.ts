/** Marks ids that a codec makes up, where its provider names nothing. */
const mark = 'local_';

/**
 * An id for something that a provider does not name. Counted by the codec, so it means something on this connection
 * only, even where the provider takes the same conversation up on the next one.
 */
export function connectionId(noun: string, count: number): string {
  return `${mark}${noun}_${count}`;
}

/** Whether the id was made by {@link connectionId}. */
export function belongsToConnection(id: string): boolean {
  return id.startsWith(mark);
}
