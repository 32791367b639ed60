import { pulseDevices } from './pulse-devices.js';

/**
 * Makes every program and library that records from the sound server's default take its microphone, even if the
 * default is the monitor of a speaker. False if the server has no microphone; true also where there is no such server.
 */
export async function takeMicrophone(env: NodeJS.ProcessEnv): Promise<boolean> {
  if (env.PULSE_SOURCE !== undefined) return true;
  const devices = await pulseDevices();
  if (devices === undefined) return true;
  const microphone = devices.find(({ defaultInput }) => defaultInput);
  if (microphone === undefined) return false;
  env.PULSE_SOURCE = microphone.handle;
  return true;
}
