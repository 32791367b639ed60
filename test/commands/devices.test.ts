import { describe, expect, it } from 'vitest';
import type { DeviceInfo } from '../../src/audio/sound.js';
import { deviceTables } from '../../src/commands/devices.js';

const device: DeviceInfo = {
  index: 0,
  name: 'Mikrofon 麦克风',
  hostApi: 'ALSA',
  inputs: 1,
  outputs: 0,
  defaultRateHz: 48_000,
  defaultInput: true,
  defaultOutput: false,
};

describe('deviceTables', () => {
  it('lists each side with its default marked, aligned by what the terminal shows', () => {
    const headset = {
      ...device,
      index: 1,
      name: 'Headset',
      outputs: 2,
      defaultInput: false,
      defaultOutput: true,
    };
    expect(deviceTables({ backend: 'alsa', devices: [device, headset] }, false)).toBe(
      [
        '   index  microphones      channels  rate      through',
        '*  0      Mikrofon 麦克风  1         48000 Hz  ALSA',
        '   1      Headset          1         48000 Hz  ALSA',
        '',
        '   index  speakers  channels  rate      through',
        '*  1      Headset   2         48000 Hz  ALSA',
        '',
        '* default, backend alsa',
        '',
      ].join('\n'),
    );
  });

  it('says so where a side has none', () => {
    expect(deviceTables({ backend: 'alsa', devices: [device] }, false)).toContain('speakers: none');
  });
});
