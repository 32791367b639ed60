import { deviceFailure } from './devices/device-failure.js';
import type { HelperOptions } from './helper-process.js';
import { startHelper } from './open-helper.js';
import type { DeviceInfo, SoundOptions } from './sound.js';

const deadlineMs = 5000;

export interface DeviceList {
  /** The backend that the list comes from. */
  readonly backend: string;
  readonly devices: readonly DeviceInfo[];
}

/**
 * The microphones and speakers that `--input-device` and `--output-device` can choose from.
 * @throws VoxtermError exit 4 when nothing reaches the sound hardware.
 */
export async function listDevices({
  backend = 'auto',
  ...extras
}: HelperOptions & Pick<SoundOptions, 'backend'> = {}): Promise<DeviceList> {
  const { helper, report } = await startHelper({ type: 'list', backend }, extras, deadlineMs);
  helper.kill();
  if (report.type === 'devices') return { backend: report.backend, devices: report.devices };
  throw deviceFailure.notAnswering(
    `The sound devices could not be listed: the sound helper answered "${report.type}".`,
    'Install it again: its parts are of different versions.',
    { facts: { cause: 'versions' } },
  );
}
