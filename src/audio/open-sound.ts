import type { HelperOptions } from './helper-process.js';
import { type OpenedHelper, openHelper, openOrder, type Reopening } from './open-helper.js';
import type { Sound, SoundOptions } from './sound.js';
import { SupervisedSound } from './supervised-sound.js';

const deadlineMs = 5000;

/**
 * Opens microphone and speaker in a helper process of their own. Nothing native is loaded into this process.
 * @throws VoxtermError exit 4 with what to do about it, after 5 seconds at the latest.
 */
export async function openSound(options: SoundOptions, extras: HelperOptions = {}): Promise<Sound> {
  const open = (reopening: Reopening): Promise<OpenedHelper> =>
    openHelper(openOrder(options, reopening), extras, deadlineMs);
  const first = await open({ muted: false, echo: options.echo, anyDevice: false });
  return new SupervisedSound(open, first, options.echo);
}
