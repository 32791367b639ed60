import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { Profile } from '../../contract/profile.js';
import { fitImage } from './fit-image.js';
import { type Image, objection, typeNames } from './image.js';

/** Larger than any camera's picture; a bigger file is something else, or a mistake. */
const largestFileBytes = 64 * 2 ** 20;

export interface ReadImageOptions {
  readonly profile: Profile;
  /** Its PATH locates `ffmpeg`, which shrinks a picture that is too large. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads a picture for this model. A picture that the model would refuse is converted and shrunk if ffmpeg is installed.
 * @throws VoxtermError exit 2 if the file is not a picture or cannot be made to fit, exit 3 if the model does not
 * accept pictures.
 */
export async function readImage(path: string, options: ReadImageOptions): Promise<Image> {
  const { images: rules, model, provider } = options.profile;
  if (rules === null) {
    throw new VoxtermError(`${model} does not take images.`, {
      code: 'image.unsupported',
      exitCode: ExitCode.configuration,
      hint: 'Choose a model that does.',
      facts: { model, provider },
    });
  }
  const name = JSON.stringify(basename(path));
  const data = await read(path, name);
  const image = await look(data, name, typeNames(rules.mimes));
  const problem = objection(image, rules);
  if (problem === undefined) return image;
  const fitted = await fitImage(image, rules, options);
  if (fitted.kind === 'image') return fitted.image;
  throw unusable(
    'image.unfit',
    `The picture ${name} ${problem}.`,
    fitted.kind === 'no-ffmpeg'
      ? 'Convert it or make it smaller, or install ffmpeg, which is used for that.'
      : `Convert it or make it smaller. (ffmpeg: ${fitted.message})`,
  );
}

async function read(path: string, name: string): Promise<Uint8Array> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw unusable('image.unreadable', `${name} is no file.`, 'Name a picture.');
    if (found.size > largestFileBytes) {
      const megabytes = Math.round(found.size / 2 ** 20);
      throw unusable('image.too-large', `${name} has ${megabytes} MiB.`, 'Pictures up to 64 MiB are read.');
    }
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof VoxtermError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
    const problem = code === 'ENOENT' ? 'There is no file' : `The file cannot be read (${code}):`;
    throw unusable('image.unreadable', `${problem} ${JSON.stringify(path)}.`, 'Check the path.', cause);
  }
}

/** Detects the type from the bytes; the file name is ignored. */
async function look(data: Uint8Array, name: string, accepted: string): Promise<Image> {
  const { imageSize } = await import('image-size');
  try {
    const { type, width, height } = imageSize(data);
    if (type === undefined || !(width > 0) || !(height > 0)) throw new Error('no size');
    return { mime: `image/${type === 'jpg' ? 'jpeg' : type}`, data, width, height };
  } catch (cause) {
    const found = data.byteLength === 0 ? 'is empty' : 'is no picture that can be recognised';
    throw unusable('image.unreadable', `${name} ${found}.`, `The model takes ${accepted}.`, cause);
  }
}

function unusable(code: string, message: string, hint: string, cause?: unknown): VoxtermError {
  return new VoxtermError(message, { code, exitCode: ExitCode.usage, hint, cause });
}
