import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { ask } from '../../src/commands/ask.js';
import { resolveSettings } from '../../src/config/load.js';
import type { CommonFlags } from '../../src/config/settings.js';
import { parseScenario } from '../../src/simulator/scenario/scenario-file.js';
import { startLocalServer } from '../../src/simulator/server.js';
import type { DialectId } from '../../src/simulator/wire/dialect-ids.js';
import type { DialectOptions } from '../../src/simulator/wire/dialect-options.js';
import { memoryIo } from '../commands/session/memory-io.js';
import { directoryWith, environmentIn } from '../config/files.js';

const line = z.looseObject({ type: z.string() });
type Line = z.infer<typeof line>;

interface VendorRun {
  readonly exitCode: number;
  readonly lines: readonly Line[];
  readonly log: string;
  of(type: string): readonly Line[];
}

interface VendorRunOptions {
  readonly dialect: DialectId;
  readonly dialectOptions?: DialectOptions;
  readonly scenario: Readonly<Record<string, unknown>>;
  /** The provider's section of the configuration. */
  readonly section?: Readonly<Record<string, unknown>>;
  readonly flags?: CommonFlags;
  readonly env?: Readonly<Record<string, string>>;
  readonly recording?: string;
}

/**
 * Runs `voxterm ask` with a recording against the simulated server of a vendor, which shares no code with the client.
 */
export async function askVendor(provider: string, options: VendorRunOptions): Promise<VendorRun> {
  const { dialect, dialectOptions, recording = 'question.wav', section = {} } = options;
  const scenario = parseScenario(JSON.stringify({ voice: 'tone', ...options.scenario }), 'test');
  const server = await startLocalServer({ dialect, dialectOptions, scenario, token: 'vendor-key-0123' });
  onTestFinished(() => server.close());
  const config = JSON.stringify({ providers: { [provider]: section } });
  const directory = directoryWith({ 'voxterm/config.json': config });
  const { io, written } = memoryIo(environmentIn(directory, { XDG_STATE_HOME: directory, ...options.env }));
  const flags = { provider, url: server.url, json: true, ...options.flags };
  const settings = await resolveSettings(flags, io.env, { directory, stdout: io.stdout, stderr: io.stderr });
  const input = fileURLToPath(new URL(`../fixtures/audio/${recording}`, import.meta.url));
  const expectations = { expectHeard: [], expectSaid: [], expectTool: [] };
  const exitCode = await ask({ input, pace: 'fast', timeoutS: 15, ...expectations }, settings, io);
  const lines = written.stdout
    .trim()
    .split('\n')
    .map((text) => line.parse(JSON.parse(text)));
  return { exitCode, lines, log: written.stderr, of: (type) => lines.filter((one) => one.type === type) };
}
