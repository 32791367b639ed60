import { VoxtermError } from '../contract/failure.js';
import type { HelperOptions } from './helper-process.js';
import { type OpenedHelper, openHelper, openOrder, type Reopening } from './open-helper.js';
import { accepts, serverSocket } from './server-socket.js';
import type { Sound, SoundOptions } from './sound.js';
import { SupervisedSound } from './supervised-sound.js';

const deadlineMs = 5000;
/** Leaves time for a second attempt without the native addon, in case that crashes the helper. */
const firstDeadlineMs = 3000;
/** Nothing waits for an attempt to open the devices again, so a busy machine gets more time. */
const againDeadlineMs = 15_000;

/**
 * Opens microphone and speaker in a helper process. No native code is loaded into this process. @throws VoxtermError
 * exit 4 with a hint, after 5 seconds at the latest.
 */
export async function openSound(options: SoundOptions, extras: HelperOptions = {}): Promise<Sound> {
  const first = await openAny(options, extras, { muted: false, echo: options.echo, anyDevice: false });
  const socket = serverSocket(extras.env ?? process.env, process.platform);
  const server = socket !== undefined && (await accepts(socket)) ? socket : undefined;
  const open = (reopening: Reopening) => openAgain(options, extras, reopening, server);
  return new SupervisedSound(open, first, options.echo);
}

/** Sound whose devices could not be opened: tried for as long as the session lives. Nothing of it throws. */
export function awaitSound(options: SoundOptions, extras: HelperOptions = {}): Sound {
  const open = (reopening: Reopening) => openAgain(options, extras, reopening);
  return new SupervisedSound(open, undefined, options.echo);
}

/** `server`: socket of the sound server that was used before; without it no attempt can succeed. */
async function openAgain(
  options: SoundOptions,
  extras: HelperOptions,
  reopening: Reopening,
  server?: string,
): Promise<OpenedHelper> {
  if (server !== undefined && !(await accepts(server))) throw new Error('the sound server is gone');
  return openHelper(openOrder(options, reopening), extras, againDeadlineMs);
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
