import type { BackendDevice } from './backend.js';
import type { PortAudioDevice, PortAudioHostApis } from './portaudio-addon.js';

/**
 * Best first. PortAudio itself prefers Windows' oldest interface, which adds 100 ms and cuts names off after 31
 * letters; WDM-KS takes the device away from every other program.
 */
const rankedHostApis = [
  'Core Audio',
  'Windows WASAPI',
  'Windows DirectSound',
  'MME',
  'ASIO',
  'JACK Audio Connection Kit',
  'ALSA',
  'OSS',
  'Windows WDM-KS',
];
const mmeNameLength = 31;

/**
 * One entry per physical device and direction, by the best interface that reaches it, with the defaults of the best
 * interface that has any.
 */
export function portAudioDevices(
  devices: readonly PortAudioDevice[],
  hostApis: PortAudioHostApis,
): BackendDevice[] {
  const best = [...devices].sort((a, b) => rank(a.hostAPIName) - rank(b.hostAPIName) || a.id - b.id);
  const apis = [...hostApis.HostAPIs].sort((a, b) => rank(a.name) - rank(b.name));
  const defaultInput = apis.find((api) => api.defaultInput >= 0)?.defaultInput;
  const defaultOutput = apis.find((api) => api.defaultOutput >= 0)?.defaultOutput;
  const kept: PortAudioDevice[] = [];
  for (const device of best) {
    const known = kept.filter((other) => sameName(other, device));
    const inputs = known.some((other) => other.maxInputChannels > 0) ? 0 : device.maxInputChannels;
    const outputs = known.some((other) => other.maxOutputChannels > 0) ? 0 : device.maxOutputChannels;
    if (inputs > 0 || outputs > 0) {
      kept.push({ ...device, maxInputChannels: inputs, maxOutputChannels: outputs });
    }
  }
  return kept.map((device, index) => ({
    index,
    name: device.name,
    hostApi: device.hostAPIName,
    inputs: device.maxInputChannels,
    outputs: device.maxOutputChannels,
    defaultRateHz: device.defaultSampleRate,
    defaultInput: device.id === defaultInput,
    defaultOutput: device.id === defaultOutput,
    handle: String(device.id),
  }));
}

function rank(hostApi: string): number {
  const place = rankedHostApis.indexOf(hostApi);
  return place === -1 ? rankedHostApis.length : place;
}

/** One interface never lists a device twice: equal names in it mean two devices of the same make. */
function sameName(a: PortAudioDevice, b: PortAudioDevice): boolean {
  if (a.hostAPIName === b.hostAPIName) return false;
  const [short, long] = a.name.length < b.name.length ? [a, b] : [b, a];
  if (short.name === long.name) return true;
  return (
    short.hostAPIName === 'MME' && short.name.length >= mmeNameLength && long.name.startsWith(short.name)
  );
}
