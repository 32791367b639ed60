import { type DeviceList, listDevices } from '../audio/list-devices.js';
import type { DeviceInfo } from '../audio/sound.js';
import type { Io, Settings } from '../config/settings.js';
import { ExitCode } from '../contract/exit.js';
import { table } from '../terminal/text/table.js';

/**
 * Prints microphones and speakers, by the names that `--input-device` and `--output-device` take.
 * @throws VoxtermError exit 4 when no backend can reach the sound hardware.
 */
export async function devices({ audio, env, output }: Settings, io: Io): Promise<ExitCode> {
  const list = await listDevices({ backend: audio.backend, env });
  io.stdout.write(
    output.json ? `${JSON.stringify(list, undefined, 2)}\n` : deviceTables(list, output.color.stdout),
  );
  if (list.devices.length === 0 && !output.quiet) {
    io.stderr.write('hint: No sound device was found. "voxterm doctor" tells what to do.\n');
  }
  return ExitCode.ok;
}

/** Two tables; `*` marks the default devices. */
export function deviceTables({ backend, devices: all }: DeviceList, color: boolean): string {
  const side = (title: string, channels: (device: DeviceInfo) => number, isDefault: keyof DeviceInfo) => {
    const rows = all
      .filter((device) => channels(device) > 0)
      .map((device) => [
        device[isDefault] === true ? '*' : '',
        String(device.index),
        device.name,
        String(channels(device)),
        `${device.defaultRateHz} Hz`,
        device.hostApi,
      ]);
    if (rows.length === 0) return `${title}: none\n`;
    return table(['', 'index', title, 'channels', 'rate', 'through'], rows, color);
  };
  const inputs = side('microphones', ({ inputs: count }) => count, 'defaultInput');
  const outputs = side('speakers', ({ outputs: count }) => count, 'defaultOutput');
  return `${inputs}\n${outputs}\n* default, backend ${backend}\n`;
}
