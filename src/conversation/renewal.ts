import type { History } from './history.js';
import type { NewItem } from './items.js';
import type { Outbox } from './outbox.js';
import type { Profile } from './profile.js';
import { replayItems, settingsWithRecap } from './replay.js';
import type { SessionSettings } from './settings.js';

/** What the provider is told of the conversation when a new connection takes over from a lost one. */
export class Renewal {
  /** What the provider was asked to take up in this connection. */
  private resumed: string | undefined;
  /** Items that the last connection may not have taken. */
  private unsent: readonly string[] = [];

  constructor(
    private readonly out: Outbox,
    private readonly history: History,
    private readonly profile: Profile,
    private readonly settings: SessionSettings,
  ) {}

  /** `unsent`: what the lost connection need not have delivered. */
  lost(unsent: readonly string[]): void {
    this.unsent = [...this.unsent, ...unsent];
  }

  /** Returns the settings for the new connection. */
  begin(resume: string | undefined): SessionSettings {
    this.resumed = resume;
    const recap = resume === undefined && this.profile.replay === 'none';
    return recap ? settingsWithRecap(this.settings, this.history.items) : this.settings;
  }

  /** A conversation that could not be taken up begins anew under another name. */
  named(handle: string): void {
    if (this.profile.resume === 'conversation' && handle !== this.resumed) this.resumed = undefined;
  }

  /** The provider has taken the conversation up by itself. */
  get stateRestored(): boolean {
    return this.resumed !== undefined;
  }

  /** Results of calls that were made before will be understood. */
  get knowsCalls(): boolean {
    return this.stateRestored ? this.profile.resume === 'conversation' : this.profile.replay === 'items';
  }

  /** Tells the provider what it does not know yet. */
  tell(): void {
    const newId = () => this.out.newId('replay');
    const items = this.stateRestored
      ? this.unsentMessages(newId)
      : replayItems(this.history.items, this.profile.replay, newId);
    for (const item of items) this.out.send({ type: 'item.create', item, eventId: this.out.newId('item') });
    this.unsent = [];
  }

  private unsentMessages(newId: () => string): NewItem[] {
    return this.unsent.flatMap((id): NewItem[] => {
      const item = this.history.message(id);
      if (item?.role !== 'user' || item.text === '') return [];
      return [{ kind: 'message', itemId: newId(), role: 'user', text: item.text }];
    });
  }
}
