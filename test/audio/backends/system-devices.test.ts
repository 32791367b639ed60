import { describe, expect, it } from 'vitest';
import { readCards } from '../../../src/audio/backends/alsa-devices.js';
import { fromPulse } from '../../../src/audio/backends/pulse-devices.js';
import { repair } from '../../../src/audio/backends/usable-backends.js';
import { adviceOn } from '../../../src/cli/advice.js';

describe('fromPulse', () => {
  const sinks = [
    { name: 'alsa_output.pci', description: 'Built-in Audio', sample_specification: 's16le 2ch 48000Hz' },
  ];
  const sources = [
    {
      name: 'alsa_output.pci.monitor',
      description: 'Monitor of Built-in Audio',
      sample_specification: 's16le 2ch 48000Hz',
    },
    { name: 'alsa_input.usb', sample_specification: 's16le 1ch 44100Hz' },
  ];
  const defaults = { default_sink_name: 'alsa_output.pci', default_source_name: 'alsa_input.usb' };

  it('lists microphones, then monitors, then speakers, by the names that desktops show', () => {
    expect(fromPulse(sinks, sources, defaults)).toEqual([
      {
        index: 0,
        name: 'alsa_input.usb',
        hostApi: 'PulseAudio',
        inputs: 1,
        outputs: 0,
        defaultRateHz: 44_100,
        defaultInput: true,
        defaultOutput: false,
        handle: 'alsa_input.usb',
      },
      expect.objectContaining({ name: 'Monitor of Built-in Audio (alsa_output.pci.monitor)', inputs: 2 }),
      expect.objectContaining({ name: 'Built-in Audio (alsa_output.pci)', outputs: 2, defaultOutput: true }),
    ]);
  });

  it('never takes a monitor for the default microphone, even if the server does', () => {
    const monitor = 'alsa_output.pci.monitor';
    const ofDefault = (found: typeof sources) =>
      fromPulse(sinks, found, { ...defaults, default_source_name: monitor }).find(
        ({ defaultInput }) => defaultInput,
      );
    expect(ofDefault(sources)?.handle).toBe('alsa_input.usb');
    expect(ofDefault(sources.filter(({ name }) => name === monitor))).toBeUndefined();
    // A monitor by another name.
    const renamed = {
      name: 'everything',
      sample_specification: 's16le 2ch 48000Hz',
      monitor_source: 'alsa_output.pci',
    };
    expect(ofDefault([renamed])).toBeUndefined();
  });
});

describe('readCards', () => {
  it('reads what aplay -l prints', () => {
    const text = `**** List of PLAYBACK Hardware Devices ****
card 0: PCH [HDA Intel PCH], device 0: ALC257 Analog [ALC257 Analog]
  Subdevices: 1/1
  Subdevice #0: subdevice #0
card 1: Headset [Jabra Link 380], device 0: USB Audio [USB Audio]
  Subdevices: 0/1
`;
    expect(readCards(text)).toEqual([
      { handle: 'plughw:CARD=PCH,DEV=0', name: 'HDA Intel PCH: ALC257 Analog (PCH,0)' },
      { handle: 'plughw:CARD=Headset,DEV=0', name: 'Jabra Link 380: USB Audio (Headset,0)' },
    ]);
  });

  it('finds no card in any other output', () => {
    expect(readCards('aplay: device_list:277: no soundcards found...\n')).toEqual([]);
  });
});

describe('repair', () => {
  it.each([
    ['linux', '/home/me/my app/node_modules/naudiodon', "'/home/me/my app/node_modules/naudiodon'"],
    ['win32', 'C:\\Program Files\\node_modules\\naudiodon', '"C:\\Program Files\\node_modules\\naudiodon"'],
    ['win32', 'C:\\x\\node_modules\\naudiodon', 'C:\\x\\node_modules\\naudiodon'],
  ])('quotes a path where %s needs it: %s', (platform, folder, written) => {
    expect(repair(platform, folder)).toContain(`"npm --prefix ${written} run install"`);
  });

  it.each(['linux', 'darwin', 'win32'])(
    'gives the command that builds the native module on %s',
    (platform) => {
      expect(repair(platform)).toMatch(/"npm --prefix \S+[/\\]node_modules[/\\]naudiodon run install"/);
      expect(adviceOn({ code: 'audio.no-backend', hint: repair(platform) })).toContain(
        'npm install -g --allow-scripts=naudiodon2,segfault-handler voxterm',
      );
    },
  );
});
