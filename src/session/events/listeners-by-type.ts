import { Listeners } from '../../base/listeners.js';

/** Listeners, by the type of event they listen to. */
export class ListenersByType<Events extends object> {
  private readonly byType: { [Type in keyof Events]?: Listeners<Events[Type]> } = {};

  /** Returns a function that removes the listener. */
  add<Type extends keyof Events>(type: Type, listener: (event: Events[Type]) => void): () => void {
    const listeners = this.byType[type] ?? new Listeners<Events[Type]>();
    this.byType[type] = listeners;
    return listeners.add(listener);
  }

  anyFor(type: keyof Events): boolean {
    return (this.byType[type]?.size ?? 0) > 0;
  }

  tell<Type extends keyof Events>(type: Type, event: Events[Type]): void {
    this.byType[type]?.tell(event);
  }
}
