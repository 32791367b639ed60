import { ExitCode } from '../../contract/exit.js';
import type { Facts } from '../../contract/facts.js';
import { VoxtermError } from '../../contract/failure.js';

function failure(
  code: string,
  message: string,
  hint: string,
  { facts, cause }: { facts?: Facts; cause?: unknown } = {},
): VoxtermError {
  return new VoxtermError(message, { code: `audio.${code}`, exitCode: ExitCode.usage, hint, facts, cause });
}

/** The reasons why a recording cannot be used: one sentence each, all with exit code 2. */
export const audioFailure = {
  missing: (path: string) =>
    failure('not-found', `There is no file ${quoted(path)}.`, 'Check the path; "-" reads standard input.'),
  directory: (path: string) =>
    failure('is-directory', `${quoted(path)} is a directory, not a recording.`, 'Name one audio file in it.'),
  empty: (name: string) =>
    failure(
      'empty',
      `${capital(quoted(name))} is empty: it holds 0 bytes.`,
      'Give a recording with sound in it, such as a WAV file.',
    ),
  terminal: () =>
    failure(
      'stdin-terminal',
      'Standard input is a terminal, so there is no audio to read.',
      'Pipe a recording into it.',
    ),
  denied: (path: string, cause: unknown) =>
    failure('not-readable', `No permission to read ${quoted(path)}.`, 'Check its permissions.', { cause }),
  unreadable: (name: string, cause: unknown) =>
    failure(
      'not-readable',
      `${capital(quoted(name))} cannot be read: ${reason(cause)}.`,
      'Check the file and the disk it is on.',
      { cause },
    ),
  /** `allowed` says what can be decoded here: see `allowedFormats`. */
  notAudio: (name: string, what: string, allowed: string) =>
    failure('not-audio', `${capital(quoted(name))} is not a recording: ${what}.`, `Allowed: ${allowed}.`),
  brokenHeader: (name: string, what: string) =>
    failure(
      'bad-header',
      `${capital(quoted(name))} is not a usable WAV file: ${what}.`,
      'Its header is damaged: save it again with the program that made it.',
    ),
  noSamples: (name: string) =>
    failure(
      'no-samples',
      `${capital(quoted(name))} has an audio header but no sound after it.`,
      'Record it again, or check that the program which wrote it has finished.',
    ),
  unsupportedCodec: (name: string, codec: string) =>
    failure(
      'unsupported-codec',
      `${capital(quoted(name))} is a WAV file in ${codec}, which is not supported.`,
      'Allowed in WAV: PCM with 8 to 32 bits, float with 32 or 64 bits, µ-law, A-law; others with ffmpeg on the PATH.',
    ),
  /** `packaged`: the package audio-decode could do it. */
  decoderMissing: (name: string, format: string, packaged: boolean) =>
    failure(
      'decoder-missing',
      `${capital(quoted(name))} is ${format}, and no decoder for it is installed.`,
      packaged
        ? 'Install the package audio-decode ("npm install audio-decode"), or ffmpeg so that it is on the PATH; WAV needs neither.'
        : 'Install ffmpeg so that it is on the PATH, or convert the recording to WAV elsewhere.',
      packaged ? { facts: { format, package: 'audio-decode' } } : {},
    ),
  ffmpegNeeded: (name: string, format: string) =>
    failure(
      'decoder-missing',
      `${capital(quoted(name))} is ${format} and too long to be decoded without ffmpeg.`,
      'Install ffmpeg so that it is on the PATH, or convert the recording to WAV, MP3 or FLAC first.',
    ),
  /** `decodedBy` decides the advice. */
  decodeFailed: (
    name: string,
    format: string,
    what: string,
    { decodedBy, cause }: { readonly decodedBy: 'audio-decode' | 'ffmpeg'; readonly cause?: unknown },
  ) =>
    failure(
      'decode-failed',
      `${capital(quoted(name))} looks like ${format} but cannot be decoded: ${what}.`,
      decodeAdvice(name, format, decodedBy),
      { cause },
    ),
};

function decodeAdvice(name: string, format: string, decodedBy: 'audio-decode' | 'ffmpeg'): string {
  const general = 'Check that it plays elsewhere; it may be damaged or encrypted.';
  if (decodedBy === 'audio-decode') return `${general} With ffmpeg on the PATH, more can be decoded.`;
  const needsSeeking = name === 'standard input' && format.startsWith('M4A');
  return needsSeeking ? `${general} M4A often has to be a file, not a pipe.` : general;
}

/** Turns what the file system throws into one of the failures above; those pass through unchanged. */
export function readFailure(error: unknown, name: string): VoxtermError {
  if (error instanceof VoxtermError) return error;
  switch (systemCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return audioFailure.missing(name);
    case 'EISDIR':
      return audioFailure.directory(name);
    case 'EACCES':
    case 'EPERM':
      return audioFailure.denied(name, error);
    default:
      return audioFailure.unreadable(name, error);
  }
}

/** A code such as `ENOENT`; undefined when it is not a system error. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/**
 * The message of an error without its code and call: `ENOSPC: no space left on device, write` →
 * `no space left on device`.
 */
export function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^[A-Z0-9_]+: /, '').replace(/, \w+( '.*')?$/, '');
}

/** A path in quotes, with control characters escaped; `standard input` stays as it is. */
export function quoted(name: string): string {
  return name === 'standard input' || name === 'standard output' ? name : JSON.stringify(name);
}

/** With a capital letter first. */
export function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
