import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const require = createRequire(import.meta.url);

/** One stream of the addon. Each read and write occupies a libuv worker until the device has served it. */
export interface AddonStream {
  start(): void;
  /** Resolves with as many bytes as were asked for; with fewer, and `finished`, at the end. */
  read(bytes: number): Promise<unknown>;
  /** Resolves when the queue has room for the block, with an error text if there was one. */
  write(block: Buffer): Promise<unknown>;
  /** Plays everything queued first, and hangs when the sound server is gone. */
  quit(how: 'WAIT' | 'ABORT'): Promise<unknown>;
}

export interface AddonStreamOptions {
  readonly deviceId: number;
  readonly sampleRate: number;
  readonly channelCount: number;
  /** 16 = signed 16 bits. */
  readonly sampleFormat: 16;
  /** Blocks the addon queues before a write has to wait (or the device's thread, when we do not read). */
  readonly maxQueue: number;
  readonly framesPerBuffer: number;
  /** True would end the stream at the first underflow. */
  readonly closeOnError: false;
}

export interface Addon {
  getDevices(): unknown;
  getHostAPIs(): unknown;
  create(options: { inOptions: AddonStreamOptions } | { outOptions: AddonStreamOptions }): AddonStream;
}

const device = z.object({
  id: z.number(),
  name: z.string(),
  maxInputChannels: z.number(),
  maxOutputChannels: z.number(),
  defaultSampleRate: z.number(),
  hostAPIName: z.string(),
});
/** The addon stores "no device", −1, as an unsigned number. */
const deviceId = z.number().transform((id) => (id === 0xffff_ffff ? -1 : id));
const hostApis = z.object({
  defaultHostAPI: z.number(),
  HostAPIs: z.array(
    z.object({ id: z.number(), name: z.string(), defaultInput: deviceId, defaultOutput: deviceId }),
  ),
});
const chunk = z.object({ buf: z.instanceof(Uint8Array), finished: z.boolean() });

export type PortAudioDevice = z.infer<typeof device>;
export type PortAudioHostApis = z.infer<typeof hostApis>;

export function readDevices(addon: Addon): PortAudioDevice[] {
  return z.array(device).parse(addon.getDevices());
}

export function readHostApis(addon: Addon): PortAudioHostApis {
  return hostApis.parse(addon.getHostAPIs());
}

/** The result of a read; undefined when it failed. */
export function readChunk(result: unknown): { buf: Uint8Array; finished: boolean } | undefined {
  return chunk.safeParse(result).data;
}

/**
 * Loads the addon itself, not the package around it: that one also loads segfault-handler, which is not N-API, catches
 * signals and writes crash.log into the working directory.
 * @throws what Node says when the package, its binary or a library of the system is missing.
 */
export function loadAddon(): Addon {
  const addon: unknown = require(join(packageFolder(), 'build', 'Release', 'naudiodon.node'));
  if (!isAddon(addon)) throw new TypeError('naudiodon.node does not have the functions of naudiodon');
  return addon;
}

/** Where the package is, built or not; undefined where it is not installed. */
export function addonFolder(): string | undefined {
  try {
    return packageFolder();
  } catch {
    return undefined;
  }
}

function packageFolder(): string {
  return dirname(require.resolve('naudiodon/package.json'));
}

function isAddon(addon: unknown): addon is Addon {
  if (typeof addon !== 'object' || addon === null) return false;
  return (['getDevices', 'getHostAPIs', 'create'] as const).every(
    (name) => name in addon && typeof Reflect.get(addon, name) === 'function',
  );
}
