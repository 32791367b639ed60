import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { BackendDevice } from './backend.js';

const run = promisify(execFile);
/** A busy machine takes seconds to start three programs. */
const deadlineMs = 4000;

const entry = z.object({
  name: z.string(),
  description: z.string().optional(),
  sample_specification: z.string().optional(),
  /** Of a source: the sink it listens to; absent, empty or "n/a" for microphones. */
  monitor_source: z.string().optional(),
});
const info = z.object({ default_sink_name: z.string(), default_source_name: z.string() });

/**
 * The devices of a PulseAudio server, or of PipeWire in its place: sinks as outputs, sources as inputs, monitors of
 * sinks last. Undefined without a server or without `pactl`.
 */
export async function pulseDevices(): Promise<BackendDevice[] | undefined> {
  try {
    const [sinks, sources, server] = await Promise.all([
      ask('list', 'sinks'),
      ask('list', 'sources'),
      ask('info'),
    ]);
    return fromPulse(z.array(entry).parse(sinks), z.array(entry).parse(sources), info.parse(server));
  } catch {
    return undefined;
  }
}

export function fromPulse(
  sinks: readonly z.infer<typeof entry>[],
  sources: readonly z.infer<typeof entry>[],
  defaults: z.infer<typeof info>,
): BackendDevice[] {
  const inputs = [...sources].sort((a, b) => Number(isMonitor(a)) - Number(isMonitor(b)));
  // Without a microphone the server's default is a monitor: that hears what is played, not the user.
  const microphones = sources.filter((source) => !isMonitor(source));
  const usual = microphones.find(({ name }) => name === defaults.default_source_name) ?? microphones[0];
  const listed = [
    ...inputs.map((source) => ({ source, side: 'input' as const })),
    ...sinks.map((source) => ({ source, side: 'output' as const })),
  ];
  return listed.map(({ source, side }, index) => {
    const [, channels = '1', rate = '48000'] =
      /(\d+)ch (\d+)Hz/.exec(source.sample_specification ?? '') ?? [];
    return {
      index,
      name: named(source),
      hostApi: 'PulseAudio',
      inputs: side === 'input' ? Number(channels) : 0,
      outputs: side === 'output' ? Number(channels) : 0,
      defaultRateHz: Number(rate),
      defaultInput: side === 'input' && source === usual,
      defaultOutput: side === 'output' && source.name === defaults.default_sink_name,
      handle: source.name,
    };
  });
}

/** It hears what a sink plays. */
function isMonitor({ name, monitor_source }: z.infer<typeof entry>): boolean {
  return name.endsWith('.monitor') || !['', 'n/a'].includes(monitor_source ?? '');
}

/** Desktops show the description; the name makes it unique and is what `pactl` takes. */
function named({ name, description }: { name: string; description?: string | undefined }): string {
  return description === undefined || description === name ? name : `${description} (${name})`;
}

async function ask(...question: string[]): Promise<unknown> {
  const { stdout } = await run('pactl', ['-f', 'json', ...question], {
    timeout: deadlineMs,
    maxBuffer: 16 * 1024 * 1024,
    env: { ...process.env, LC_ALL: 'C' },
  });
  return JSON.parse(stdout);
}
