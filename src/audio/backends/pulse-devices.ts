import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { BackendDevice } from './backend.js';

const run = promisify(execFile);
const deadlineMs = 1500;

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
  const monitors = (source: { name: string }) => (source.name.endsWith('.monitor') ? 1 : 0);
  const inputs = [...sources].sort((a, b) => monitors(a) - monitors(b));
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
      defaultInput: side === 'input' && source.name === defaults.default_source_name,
      defaultOutput: side === 'output' && source.name === defaults.default_sink_name,
      handle: source.name,
    };
  });
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
