import type { Input } from '../contract/inputs.js';
import { handoffOf } from './tools/handoff-of.js';

/** As many as wait for their turn when there is a provider. */
const mostImages = 8;

/** What happened while there was no provider to tell, in order. */
export class WaitingRoom {
  private inputs: Input[] = [];

  /**
   * Whether this input has to wait, or means nothing until the provider is there. `early`: even the settings have not
   * been sent; `opening`: for the first time.
   */
  keeps(input: Input, phase: 'early' | 'opening' | 'lost' | 'reopening'): boolean {
    const first = phase === 'early' || phase === 'opening';
    switch (input.type) {
      case 'user.text':
      case 'user.image':
        this.dropImages();
        this.inputs.push(input);
        return true;
      case 'answer.wanted':
        this.inputs.push(input);
        return true;
      case 'tool.ended':
        // Whom it hands over to, the next connection begins as.
        if (phase === 'lost' && handoffOf(input) !== undefined) return false;
        this.inputs.push(input);
        return true;
      case 'settings.changed':
        // The next connection begins with them.
        if (phase === 'lost' || phase === 'early') return false;
        this.inputs.push(input);
        return true;
      case 'user.commit':
      case 'user.speech':
      case 'user.discard':
        // Sound that a lost connection had taken makes no turn.
        if (first) this.inputs.push(input);
        return true;
      case 'user.interrupt':
        if (first) this.inputs.push(input);
        return first;
      default:
        return false;
    }
  }

  /** A camera keeps sending while there is no connection; only its latest images matter. */
  private dropImages(): void {
    const images = this.inputs.filter(({ type }) => type === 'user.image');
    if (images.length < mostImages) return;
    this.inputs = this.inputs.filter((input) => input !== images[0]);
  }

  empty(): readonly Input[] {
    const { inputs } = this;
    this.inputs = [];
    return inputs;
  }
}
