type Listener<Event> = (event: Event) => void;

/** Listeners by what they listen to. */
export class Listeners<Events extends object> {
  private readonly sets: { [Type in keyof Events]?: Set<Listener<Events[Type]>> } = {};

  /** Returns the way to leave. */
  add<Type extends keyof Events>(type: Type, listener: Listener<Events[Type]>): () => void {
    const set = this.sets[type] ?? new Set<Listener<Events[Type]>>();
    this.sets[type] = set;
    // One function may listen twice; each has its own way to leave.
    const own: Listener<Events[Type]> = (event) => listener(event);
    set.add(own);
    return () => set.delete(own);
  }

  anyFor(type: keyof Events): boolean {
    return (this.sets[type]?.size ?? 0) > 0;
  }

  tell<Type extends keyof Events>(type: Type, event: Events[Type]): void {
    for (const listener of this.sets[type] ?? []) {
      try {
        listener(event);
      } catch (error) {
        // The program's own mistake must reach it, but not in the middle of ours.
        void Promise.reject(error);
      }
    }
  }
}
