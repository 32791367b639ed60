import { ExitCode } from '../../contract/exit.js';
import type { Facts } from '../../contract/facts.js';
import { VoxtermError } from '../../contract/failure.js';
import type { DeviceInfo } from '../sound.js';

export type Side = 'input' | 'output';

const sideName = { input: 'microphone', output: 'speaker' } as const;

function failure(
  code: string,
  message: string,
  hint: string,
  { facts, cause }: { facts?: Facts; cause?: unknown } = {},
): VoxtermError {
  return new VoxtermError(message, { code: `audio.${code}`, exitCode: ExitCode.audio, hint, facts, cause });
}

/** The reasons why there is no sound: one sentence each, all with exit code 4. */
export const deviceFailure = {
  unknown: (side: Side, wanted: string, devices: readonly DeviceInfo[]) =>
    failure(
      'device-unknown',
      `There is no ${sideName[side]} ${JSON.stringify(wanted)}.`,
      devices.length === 0
        ? `No ${sideName[side]} was found at all.`
        : `Use an index or a part of a name: ${listed(devices)}.`,
      { facts: { side, wanted, found: devices.length } },
    ),
  ambiguous: (side: Side, wanted: string, devices: readonly DeviceInfo[]) =>
    failure(
      'device-ambiguous',
      `${JSON.stringify(wanted)} matches ${devices.length} devices.`,
      `Give more of the name of the ${sideName[side]}, or its index: ${listed(devices)}.`,
      { facts: { side, wanted, found: devices.length } },
    ),
  notOpened: (side: Side, name: string, reason: string, cause?: unknown) =>
    failure(
      'not-opened',
      `The ${sideName[side]} ${JSON.stringify(name)} cannot be opened: ${reason}.`,
      'Check that no other program holds it, or choose another device.',
      { facts: { side, device: name, options: [`${side}Device`] }, cause },
    ),
  none: (side: Side) =>
    failure(
      side === 'input' ? 'no-input' : 'no-output',
      `No ${sideName[side]} was found.`,
      noDeviceHint(process.platform),
      {
        facts: { side },
      },
    ),
  noBackend: (message: string, hint: string) => failure('no-backend', message, hint),
  notAnswering: (message: string, hint: string, more?: { facts?: Facts; cause?: unknown }) =>
    failure('not-answering', message, hint, more),
};

function noDeviceHint(platform: string): string {
  return platform === 'linux'
    ? 'Connect one, and check that PulseAudio or PipeWire runs ("pactl info"); inside WSL or a container set PULSE_SERVER to a server outside.'
    : 'Connect one and choose it in the system settings.';
}

/** The message of an error of any kind, without its full stop. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().replace(/\.$/, '');
}

function listed(devices: readonly DeviceInfo[]): string {
  return devices.map(({ index, name }) => `${index} ${JSON.stringify(name)}`).join(', ');
}
