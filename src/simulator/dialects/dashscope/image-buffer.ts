import type { Clock } from '../../core/clock.js';
import type { NewId } from '../../core/ids.js';
import { Refusal } from '../../core/refusal.js';

/** After base64. */
const maxImageChars = 256 * 1024;
/** The documents advise one a second; clocks of clients and networks are not that exact. */
const leastBetweenMs = 900;

/** Images that wait for the sound they belong to. They become items that the client is not told about. */
export class ImageBuffer {
  private heardAnything = false;
  private waiting: string[] = [];
  private lastMs = Number.NEGATIVE_INFINITY;
  private readonly hidden = new Set<string>();

  constructor(
    private readonly clock: Clock,
    private readonly newId: NewId,
  ) {}

  soundArrived(): void {
    this.heardAnything = true;
  }

  /** @throws Refusal when this is not a JPEG, is too large, too soon, or comes before any sound. */
  append(image: unknown): void {
    if (!this.heardAnything) {
      // Measured: the fields that name a cause are empty.
      throw new Refusal('Error append image before append audio.', { code: '', param: '' });
    }
    if (typeof image !== 'string' || !isJpeg(image)) {
      throw new Refusal("Invalid 'image'. Expected a base64-encoded JPEG, but got an invalid value.", {
        code: 'invalid_value',
        param: 'image',
      });
    }
    if (image.length > maxImageChars) {
      throw new Refusal(`Invalid 'image': too large. Expected at most ${maxImageChars} bytes of base64.`, {
        code: 'invalid_value',
        param: 'image',
      });
    }
    const nowMs = this.clock.nowMs();
    if (nowMs - this.lastMs < leastBetweenMs) {
      throw new Refusal("Invalid 'image': at most one image per second can be appended.", {
        code: 'invalid_value',
        param: 'image',
      });
    }
    this.lastMs = nowMs;
    this.waiting.push(image);
  }

  /** What is committed together with the sound, as GA requests. */
  take(): readonly unknown[] {
    const images = this.waiting;
    this.waiting = [];
    return images.map((image) => {
      const id = this.newId('item');
      this.hidden.add(id);
      const part = { type: 'input_image', image_url: `data:image/jpeg;base64,${image}` };
      return {
        type: 'conversation.item.create',
        item: { id, type: 'message', role: 'user', content: [part] },
      };
    });
  }

  clear(): void {
    this.waiting = [];
  }

  holds(itemId: unknown): boolean {
    return typeof itemId === 'string' && this.hidden.has(itemId);
  }
}

function isJpeg(base64: string): boolean {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return false;
  const head = Buffer.from(base64.slice(0, 8), 'base64');
  return head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff;
}
