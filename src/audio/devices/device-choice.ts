import type { DeviceInfo } from '../sound.js';
import { deviceFailure, type Side } from './device-failure.js';

/**
 * The device that an index or a part of a name (in any case) stands for. A full name wins over longer names that
 * contain it; so does the short name that sound servers put in brackets: `Built-in Audio (alsa_output.pci)`. @throws
 * VoxtermError exit 4 with the list of devices when none or several match.
 */
export function chooseDevice<Device extends DeviceInfo>(
  devices: readonly Device[],
  side: Side,
  wanted: string,
): Device {
  const usable = devices.filter((device) => (side === 'input' ? device.inputs : device.outputs) > 0);
  const text = wanted.trim().toLowerCase();
  const numbered = devices.find(({ index }) => String(index) === text);
  if (numbered !== undefined) {
    if (usable.includes(numbered)) return numbered;
    throw deviceFailure.unknown(side, wanted, usable);
  }
  const named = usable.filter((device) => device.name.toLowerCase().includes(text));
  const exact = named.filter(({ name }) => [name.toLowerCase(), shortName(name)].includes(text));
  const fitting = exact.length > 0 ? exact : named;
  const [first] = fitting;
  if (first === undefined || text === '') throw deviceFailure.unknown(side, wanted, usable);
  if (fitting.length > 1) throw deviceFailure.ambiguous(side, wanted, fitting);
  return first;
}

function shortName(name: string): string | undefined {
  return /\(([^()]+)\)$/.exec(name.toLowerCase())?.[1];
}
