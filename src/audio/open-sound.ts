import { VoxtermError } from '../contract/failure.js';
import type { HelperOptions } from './helper-process.js';
import { type OpenedHelper, openHelper, openOrder, type Reopening } from './open-helper.js';
import type { Sound, SoundOptions } from './sound.js';
import { SupervisedSound } from './supervised-sound.js';

const deadlineMs = 5000;
/** Leaves time for a second attempt without the native addon, in case that crashes the helper. */
const firstDeadlineMs = 3000;

/**
 * Opens microphone and speaker in a helper process. No native code is loaded into this process. @throws VoxtermError
 * exit 4 with a hint, after 5 seconds at the latest.
 */
export async function openSound(options: SoundOptions, extras: HelperOptions = {}): Promise<Sound> {
  const open = (reopening: Reopening) => openAny(options, extras, reopening);
  const first = await open({ muted: false, echo: options.echo, anyDevice: false });
  return new SupervisedSound(open, first, options.echo);
}

async function openAny(
  options: SoundOptions,
  extras: HelperOptions,
  reopening: Reopening,
): Promise<OpenedHelper> {
  const order = openOrder(options, reopening);
  if (order.backend !== 'auto') return openHelper(order, extras, deadlineMs);
  try {
    return await openHelper(order, extras, firstDeadlineMs);
  } catch (error) {
    if (!(error instanceof VoxtermError) || error.code !== 'audio.not-answering') throw error;
    extras.log?.(`${error.message} Trying without the native addon.`);
    return openHelper({ ...order, without: ['portaudio'] }, extras, deadlineMs - firstDeadlineMs);
  }
}
