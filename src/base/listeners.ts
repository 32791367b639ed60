/** Functions that want to know of something. One that throws does not keep the others, or the teller, from going on. */
export class Listeners<Event> {
  private readonly listeners = new Set<(event: Event) => void>();

  get size(): number {
    return this.listeners.size;
  }

  /** Returns a function that removes the listener. A function that was added twice is called twice. */
  add(listener: (event: Event) => void): () => void {
    const added = (event: Event) => listener(event);
    this.listeners.add(added);
    return () => this.listeners.delete(added);
  }

  tell(event: Event): void {
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch (error) {
        // Its error must become visible, but not interrupt us: it surfaces as an unhandled rejection.
        void Promise.reject(error);
      }
    }
  }
}
