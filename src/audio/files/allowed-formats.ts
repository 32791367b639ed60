import { onPath } from '../../base/on-path.js';
import { findPackage, packagedTitles } from './packaged-decoder.js';

/** What can be decoded here, in words: with ffmpeg, with the optional package, or with neither. */
export async function allowedFormats(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string> {
  if (await onPath('ffmpeg', env))
    return 'WAV, and all that ffmpeg decodes: MP3, M4A, FLAC, Ogg, WebM and more';
  if ((await findPackage()) === undefined) {
    return 'WAV; MP3, M4A, FLAC, Ogg and others after "npm install audio-decode", or with ffmpeg on the PATH';
  }
  return `WAV, ${packagedTitles.join(', ')}; others with ffmpeg on the PATH`;
}
