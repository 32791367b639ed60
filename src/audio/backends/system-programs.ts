import { alsaDevices } from './alsa-devices.js';
import type { SystemProgram } from './program-backend.js';
import { pulseDevices } from './pulse-devices.js';

export const pulse: SystemProgram = {
  id: 'pulse',
  needs: ['pacat', 'parec'],
  play: (rateHz, handle) => [
    'pacat',
    '--playback',
    ...pulseFormat(rateHz),
    '--latency-msec=30',
    ...(handle === undefined ? [] : [`--device=${handle}`]),
  ],
  record: (rateHz, handle) => [
    'parec',
    ...pulseFormat(rateHz),
    '--latency-msec=20',
    ...(handle === undefined ? [] : [`--device=${handle}`]),
  ],
  startMs: 10,
  provesMs: 150,
  list: async () => (await pulseDevices()) ?? [],
};

/** pw-cat's `--target` takes the names that PipeWire's PulseAudio interface lists. */
export const pipewire: SystemProgram = {
  id: 'pipewire',
  needs: ['pw-cat'],
  play: (rateHz, handle) => ['pw-cat', '--playback', ...pipewireFormat(rateHz, handle)],
  record: (rateHz, handle) => ['pw-cat', '--record', ...pipewireFormat(rateHz, handle)],
  startMs: 40,
  provesMs: 150,
  list: async () => ((await pulseDevices()) ?? []).map((device) => ({ ...device, hostApi: 'PipeWire' })),
};

export const alsa: SystemProgram = {
  id: 'alsa',
  needs: ['aplay', 'arecord'],
  play: (rateHz, handle) => [
    'aplay',
    ...alsaFormat(rateHz, handle),
    '--buffer-time=60000',
    '--period-time=15000',
  ],
  record: (rateHz, handle) => [
    'arecord',
    ...alsaFormat(rateHz, handle),
    '--buffer-time=200000',
    '--period-time=10000',
  ],
  startMs: 10,
  provesMs: 150,
  list: alsaDevices,
};

export const sox: SystemProgram = {
  id: 'sox',
  needs: ['sox'],
  play: (rateHz) => ['sox', '-q', '--buffer', '1024', ...soxFormat(rateHz), '-', '-d'],
  record: (rateHz) => ['sox', '-q', '--buffer', '1024', '-d', ...soxFormat(rateHz), '-'],
  environment: (handle) => (handle === undefined ? {} : { AUDIODEV: handle }),
  startMs: 150,
  provesMs: 150,
  list: async () => [],
};

export const ffmpeg: SystemProgram = {
  id: 'ffmpeg',
  needs: ['ffmpeg'],
  play: (rateHz, handle) => {
    const { output, device } = ffmpegOutput(process.platform);
    const input = [...ffmpegAtOnce, ...ffmpegRaw(rateHz), '-i', 'pipe:0'];
    return ['ffmpeg', ...ffmpegQuiet, ...input, ...output, handle ?? device];
  },
  record: (rateHz, handle) => {
    const { input, device } = ffmpegInput(process.platform);
    const output = ['-flush_packets', '1', ...ffmpegRaw(rateHz), 'pipe:1'];
    return ['ffmpeg', ...ffmpegQuiet, ...ffmpegAtOnce, ...input, '-i', handle ?? device, ...output];
  },
  startMs: 100,
  // It opens the device only after it has decoded something, and is slow to give up.
  provesMs: 1500,
  list: async () => [],
};

function pulseFormat(rateHz: number): string[] {
  return ['--raw', `--rate=${rateHz}`, '--channels=1', '--format=s16le', '--client-name=voxterm'];
}

function pipewireFormat(rateHz: number, handle: string | undefined): string[] {
  const target = handle === undefined ? [] : ['--target', handle];
  return ['--rate', `${rateHz}`, '--channels', '1', '--format', 's16', '--latency', '20ms', ...target, '-'];
}

function alsaFormat(rateHz: number, handle: string | undefined): string[] {
  const device = handle === undefined ? [] : ['-D', handle];
  return ['-q', ...device, '-t', 'raw', '-f', 'S16_LE', '-c', '1', '-r', `${rateHz}`];
}

function soxFormat(rateHz: number): string[] {
  return ['-t', 'raw', '-r', `${rateHz}`, '-e', 'signed-integer', '-b', '16', '-c', '1'];
}

const ffmpegQuiet = ['-hide_banner', '-loglevel', 'error', '-nostdin'];
/** Without these ffmpeg buffers seconds of sound before it starts. */
const ffmpegAtOnce = ['-fflags', 'nobuffer', '-probesize', '32', '-analyzeduration', '0'];

function ffmpegRaw(rateHz: number): string[] {
  return ['-f', 's16le', '-ar', `${rateHz}`, '-ac', '1'];
}

function ffmpegOutput(platform: string): { output: readonly string[]; device: string } {
  return platform === 'darwin'
    ? { output: ['-f', 'audiotoolbox'], device: '-' }
    : { output: ['-f', 'pulse', '-buffer_duration', '50'], device: 'default' };
}

function ffmpegInput(platform: string): { input: readonly string[]; device: string } {
  return platform === 'darwin'
    ? { input: ['-f', 'avfoundation'], device: ':default' }
    : { input: ['-f', 'pulse'], device: 'default' };
}
