import { ExitCode } from '../../contract/exit.js';
import type { Facts } from '../../contract/facts.js';
import { VoxtermError } from '../../contract/failure.js';

const formats = 'WAV, and MP3, FLAC, Ogg, Opus or M4A with a decoder installed';
const convert = 'Convert it first, for example: ffmpeg -i INPUT -c:a pcm_s16le output.wav';

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
      `Give a recording with sound in it: ${formats}.`,
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
  notAudio: (name: string, what: string) =>
    failure('not-audio', `${capital(quoted(name))} is not a recording: ${what}.`, `Allowed: ${formats}.`),
  brokenHeader: (name: string, what: string) =>
    failure('bad-header', `${capital(quoted(name))} is not a usable WAV file: ${what}.`, convert),
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
      `Allowed in WAV: PCM with 8, 16, 24 or 32 bits, float with 32 or 64 bits, µ-law, A-law. ${convert}`,
    ),
  decoderMissing: (name: string, format: string) =>
    failure(
      'decoder-missing',
      `${capital(quoted(name))} is ${format}, and no decoder for it is installed.`,
      'Install the package audio-decode ("npm install audio-decode"), or ffmpeg so that it is on the PATH; WAV needs neither.',
      { facts: { format, package: 'audio-decode' } },
    ),
  ffmpegNeeded: (name: string, format: string) =>
    failure(
      'decoder-missing',
      `${capital(quoted(name))} is ${format} and too long to be decoded without ffmpeg.`,
      'Install ffmpeg so that it is on the PATH, or convert the recording to WAV, MP3 or FLAC first.',
    ),
  decodeFailed: (name: string, format: string, what: string, cause?: unknown) =>
    failure(
      'decode-failed',
      `${capital(quoted(name))} looks like ${format} but cannot be decoded: ${what}.`,
      'Check that it plays elsewhere; it may be damaged or encrypted. M4A often has to be a file, not a pipe.',
      { cause },
    ),
};

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

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
