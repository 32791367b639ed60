import { describe, expect, it } from 'vitest';
import { chooseDevice } from '../../../src/audio/devices/device-choice.js';

function device(index: number, name: string, inputs: number, outputs: number) {
  const rest = { hostApi: 'X', defaultRateHz: 48_000, defaultInput: false, defaultOutput: false };
  return { index, name, inputs, outputs, ...rest };
}

const devices = [
  device(0, 'Built-in Microphone', 1, 0),
  device(1, 'Monitor of Speakers (hdmi.monitor)', 2, 0),
  device(2, 'Speakers', 0, 2),
  device(3, 'Speakers 2', 0, 2),
  device(4, 'Jabra Link 380', 1, 2),
  device(5, 'HDMI (hdmi)', 0, 2),
];

describe('chooseDevice', () => {
  it.each([
    ['4', 'Jabra Link 380'],
    ['jabra', 'Jabra Link 380'],
    ['LINK 380', 'Jabra Link 380'],
    ['380', 'Jabra Link 380'],
    ['speakers', 'Speakers'],
    ['hdmi', 'HDMI (hdmi)'],
  ])('takes %j for a speaker', (wanted, name) => {
    expect(chooseDevice(devices, 'output', wanted).name).toBe(name);
  });

  it('looks only at devices of that side', () => {
    expect(chooseDevice(devices, 'input', 'speakers').index).toBe(1);
    expect(() => chooseDevice(devices, 'output', '0')).toThrow('There is no speaker "0".');
  });

  it.each(['speak', ' '])('asks for more when %j matches several devices or is blank', (wanted) => {
    expect(() => chooseDevice(devices, 'output', wanted)).toThrow(
      expect.objectContaining({ exitCode: 4, hint: expect.stringContaining('2 "Speakers", 3 "Speakers 2"') }),
    );
  });

  it('lists the devices when nothing matches', () => {
    expect(() => chooseDevice(devices, 'input', 'yeti')).toThrow(
      expect.objectContaining({
        code: 'audio.device-unknown',
        message: 'There is no microphone "yeti".',
        hint: expect.stringContaining('0 "Built-in Microphone"'),
      }),
    );
  });
});
