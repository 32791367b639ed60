import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { BackendDevice } from './backend.js';
import { pulseDevices } from './pulse-devices.js';

const run = promisify(execFile);

interface Card {
  readonly handle: string;
  readonly name: string;
}

/**
 * ALSA's sound cards and its default device, which the system's configuration maps to one of them or to a sound server.
 */
export async function alsaDevices(): Promise<BackendDevice[]> {
  const [outputs, inputs, pulse] = await Promise.all([cards('aplay'), cards('arecord'), pulseDevices()]);
  if (outputs.length + inputs.length === 0 && pulse === undefined) return [];
  const device = { hostApi: 'ALSA', defaultRateHz: 48_000 };
  return [
    {
      ...device,
      name: 'default',
      handle: 'default',
      inputs: 1,
      outputs: 1,
      defaultInput: true,
      defaultOutput: true,
    },
    ...inputs.map((card) => ({
      ...device,
      ...card,
      inputs: 1,
      outputs: 0,
      defaultInput: false,
      defaultOutput: false,
    })),
    ...outputs.map((card) => ({
      ...device,
      ...card,
      inputs: 0,
      outputs: 2,
      defaultInput: false,
      defaultOutput: false,
    })),
  ].map((found, index) => ({ ...found, index }));
}

async function cards(program: 'aplay' | 'arecord'): Promise<Card[]> {
  try {
    const { stdout } = await run(program, ['-l'], { timeout: 1500, env: { ...process.env, LC_ALL: 'C' } });
    return readCards(stdout);
  } catch {
    return [];
  }
}

/** Lines like `card 0: PCH [HDA Intel PCH], device 3: HDMI 0 [HDMI 0]`. */
export function readCards(text: string): Card[] {
  const lines = text.matchAll(/^card \d+: (\S+) \[([^\]]*)\], device (\d+): [^[]*\[([^\]]*)\]/gm);
  return [...lines].map(([, card = '', cardName = '', device = '', deviceName = '']) => ({
    handle: `plughw:CARD=${card},DEV=${device}`,
    name: `${cardName}: ${deviceName} (${card},${device})`,
  }));
}
