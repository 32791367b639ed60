import { describe, expect, it } from 'vitest';
import { portAudioDevices } from '../../../src/audio/backends/portaudio-devices.js';

function device(
  id: number,
  hostAPIName: string,
  name: string,
  inputs: number,
  outputs: number,
  rate = 44_100,
) {
  return {
    id,
    name,
    maxInputChannels: inputs,
    maxOutputChannels: outputs,
    defaultSampleRate: rate,
    hostAPIName,
  };
}

function api(id: number, name: string, defaultInput: number, defaultOutput: number) {
  return { id, name, defaultInput, defaultOutput };
}

/** As PortAudio lists a Windows laptop: the same three devices by four interfaces, MME first, its names cut off. */
const windows = {
  devices: [
    device(0, 'MME', 'Microsoft Sound Mapper - Input', 2, 0),
    device(1, 'MME', 'Microphone Array (Realtek(R) Au', 2, 0),
    device(2, 'MME', 'Microsoft Sound Mapper - Output', 0, 2),
    device(3, 'MME', 'Speakers (Realtek(R) Audio)', 0, 2),
    device(4, 'Windows DirectSound', 'Primary Sound Capture Driver', 2, 0),
    device(5, 'Windows DirectSound', 'Microphone Array (Realtek(R) Audio)', 2, 0),
    device(6, 'Windows DirectSound', 'Primary Sound Driver', 0, 2),
    device(7, 'Windows DirectSound', 'Speakers (Realtek(R) Audio)', 0, 2),
    device(8, 'Windows WASAPI', 'Speakers (Realtek(R) Audio)', 0, 2, 48_000),
    device(9, 'Windows WASAPI', 'Microphone Array (Realtek(R) Audio)', 2, 0, 48_000),
    device(10, 'Windows WDM-KS', 'Speakers (Realtek HD Audio output)', 0, 2, 48_000),
    device(11, 'Windows WDM-KS', 'Microphone Array (Realtek HD Audio Mic input)', 2, 0, 48_000),
  ],
  hostApis: {
    defaultHostAPI: 0,
    HostAPIs: [
      api(0, 'MME', 1, 3),
      api(1, 'Windows DirectSound', 4, 6),
      api(2, 'Windows WASAPI', 9, 8),
      api(3, 'Windows WDM-KS', 11, 10),
    ],
  },
};

/** Debian with PulseAudio: two plugins of ALSA, and an interface without any device. */
const linux = {
  devices: [device(0, 'ALSA', 'pulse', 32, 32), device(1, 'ALSA', 'default', 32, 32)],
  hostApis: { defaultHostAPI: 0, HostAPIs: [api(0, 'ALSA', 1, 1), api(1, 'OSS', -1, -1)] },
};

describe('portAudioDevices', () => {
  it('lists each device of Windows once, by its best interface', () => {
    const listed = portAudioDevices(windows.devices, windows.hostApis);
    const named = (name: string) => listed.filter((found) => found.name.startsWith(name));
    expect(named('Speakers (Realtek(R)')).toMatchObject([
      { hostApi: 'Windows WASAPI', handle: '8', outputs: 2 },
    ]);
    expect(named('Microphone Array (Realtek(R)')).toMatchObject([{ hostApi: 'Windows WASAPI', handle: '9' }]);
    expect(listed.map(({ index }) => index)).toEqual(listed.map((_, n) => n));
    expect(listed.at(-1)?.hostApi).toBe('Windows WDM-KS');
  });

  it('takes the defaults of the best interface, not of the first', () => {
    const listed = portAudioDevices(windows.devices, windows.hostApis);
    expect(listed.filter((found) => found.defaultInput).map(({ handle }) => handle)).toEqual(['9']);
    expect(listed.filter((found) => found.defaultOutput).map(({ handle }) => handle)).toEqual(['8']);
  });

  it('takes the next interface where the best has no device', () => {
    const noWasapi = {
      ...windows.hostApis,
      HostAPIs: windows.hostApis.HostAPIs.map((found) =>
        found.name === 'Windows WASAPI' ? { ...found, defaultInput: -1, defaultOutput: -1 } : found,
      ),
    };
    const devices = windows.devices.filter(({ hostAPIName }) => hostAPIName !== 'Windows WASAPI');
    const listed = portAudioDevices(devices, noWasapi);
    expect(listed.find((found) => found.defaultOutput)).toMatchObject({
      hostApi: 'Windows DirectSound',
      handle: '6',
    });
  });

  it('keeps two equal devices of one interface apart', () => {
    const twice = [
      device(0, 'Core Audio', 'USB Headset', 1, 2),
      device(1, 'Core Audio', 'USB Headset', 1, 2),
    ];
    const hostApis = { defaultHostAPI: 0, HostAPIs: [api(0, 'Core Audio', 1, 0)] };
    expect(portAudioDevices(twice, hostApis).map(({ handle }) => handle)).toEqual(['0', '1']);
  });

  it('lists a microphone and a speaker of the same name as two devices', () => {
    const headset = [
      device(0, 'Windows WASAPI', 'Headset', 1, 0),
      device(1, 'Windows DirectSound', 'Headset', 0, 2),
    ];
    const hostApis = { defaultHostAPI: 0, HostAPIs: [api(0, 'Windows WASAPI', 0, -1)] };
    expect(portAudioDevices(headset, hostApis)).toMatchObject([
      { inputs: 1, outputs: 0 },
      { inputs: 0, outputs: 2 },
    ]);
  });

  it('lists both ALSA plugins and nothing for interfaces without a device', () => {
    expect(portAudioDevices(linux.devices, linux.hostApis)).toMatchObject([
      { name: 'pulse', defaultInput: false },
      { name: 'default', defaultInput: true, defaultOutput: true },
    ]);
  });
});
