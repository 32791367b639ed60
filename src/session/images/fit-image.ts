import { execFile } from 'node:child_process';
import type { ImageRules } from '../../contract/profile.js';
import { type Image, objection } from './image.js';

type Fitted =
  | { readonly kind: 'image'; readonly image: Image }
  | { readonly kind: 'no-ffmpeg' }
  | { readonly kind: 'failed'; readonly message: string };

interface FitOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

/** Used if no size is documented; models do not see more detail than this. */
const defaultEdge = 2048;
/** Each attempt reduces the quality, then the size; a photo fits after one or two attempts. */
const rounds = [
  { quality: 3, scale: 1 },
  { quality: 8, scale: 1 },
  { quality: 8, scale: 0.66 },
  { quality: 12, scale: 0.5 },
  { quality: 16, scale: 0.33 },
] as const;

const patienceMs = 20_000;
const largestOutputBytes = 64 * 2 ** 20;

/** Makes a JPEG within the limits, with the `ffmpeg` on the PATH of `env`. */
export async function fitImage(image: Image, rules: ImageRules, options: FitOptions): Promise<Fitted> {
  if (!rules.mimes.includes('image/jpeg')) return { kind: 'failed', message: 'it makes JPEG only' };
  for (const { quality, scale } of rounds) {
    const limit = (edge: number, most: number | null): number =>
      Math.max(2, Math.floor(Math.min(edge, most ?? defaultEdge) * scale));
    const box = { width: limit(image.width, rules.maxWidth), height: limit(image.height, rules.maxHeight) };
    const made = await convert(image.data, box, quality, options);
    if (made.kind !== 'data') return made;
    const { imageSize } = await import('image-size');
    const { width, height } = imageSize(made.data);
    const fitted: Image = { mime: 'image/jpeg', data: made.data, width, height };
    if (objection(fitted, rules) === undefined) return { kind: 'image', image: fitted };
  }
  return { kind: 'failed', message: 'it stays too large' };
}

type Converted = { readonly kind: 'data'; readonly data: Uint8Array } | Exclude<Fitted, { kind: 'image' }>;

function convert(
  data: Uint8Array,
  box: { readonly width: number; readonly height: number },
  quality: number,
  { env, signal }: FitOptions,
): Promise<Converted> {
  const filter = `scale=w=${box.width}:h=${box.height}:force_original_aspect_ratio=decrease`;
  // Only local input: a picture must not make ffmpeg fetch anything.
  const input = ['-hide_banner', '-loglevel', 'error', '-protocol_whitelist', 'pipe', '-i', 'pipe:0'];
  const output = ['-frames:v', '1', '-vf', filter, '-q:v', String(quality), '-f', 'mjpeg', 'pipe:1'];
  return new Promise((resolve) => {
    const child = execFile(
      'ffmpeg',
      [...input, ...output],
      { encoding: 'buffer', env: { ...env }, timeout: patienceMs, maxBuffer: largestOutputBytes, signal },
      (error, stdout, stderr) => {
        if (error === null && stdout.byteLength > 0) resolve({ kind: 'data', data: stdout });
        else if (error !== null && error.code === 'ENOENT') resolve({ kind: 'no-ffmpeg' });
        else resolve({ kind: 'failed', message: firstLine(stderr.toString()) ?? 'it made nothing of it' });
      },
    );
    // ffmpeg may close its input before everything is written.
    child.stdin?.on('error', () => {});
    child.stdin?.end(data);
  });
}

function firstLine(text: string): string | undefined {
  const line = text.split('\n').find((words) => words.trim() !== '');
  return line?.replace(/^\[[^\]]*\]\s*/, '').trim();
}
