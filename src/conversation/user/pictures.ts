import type { Profile } from '../../contract/profile.js';
import type { Outbox } from '../core/outbox.js';

interface Picture {
  readonly mime: string;
  readonly data: Uint8Array;
}

/** Pictures that wait for their turn; a model that takes one in a second is not sent a film. */
const mostWaiting = 8;

/** What the user shows. Where the model looks at one picture in so many seconds, the next waits. */
export class Pictures {
  private readonly waiting: Picture[] = [];
  private sentAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly out: Outbox,
    private readonly profile: Pick<Profile, 'images' | 'model'>,
  ) {}

  show(picture: Picture): void {
    if (this.profile.images === null) {
      this.warn('image.unsupported', `${this.profile.model} does not take images.`);
    } else if (this.waiting.length >= mostWaiting) {
      const pace = `one picture in ${this.profile.images.everyS} s`;
      this.warn('image.dropped', `${this.profile.model} takes ${pace}; this one was not sent.`);
    } else {
      this.waiting.push(picture);
      this.tick();
    }
  }

  tick(): void {
    const everyMs = (this.profile.images?.everyS ?? 0) * 1000;
    while (this.waiting.length > 0 && this.out.nowMs - this.sentAtMs >= everyMs) {
      const picture = this.waiting.shift();
      if (picture !== undefined) this.send(picture);
    }
  }

  private send({ mime, data }: Picture): void {
    this.sentAtMs = this.out.nowMs;
    const itemId = this.out.newId('image');
    const item = { kind: 'image', itemId, mime, data } as const;
    this.out.send({ type: 'item.create', item, eventId: this.out.newId('item') });
  }

  private warn(code: string, message: string): void {
    this.out.emit({ type: 'warning', code, message });
  }
}
