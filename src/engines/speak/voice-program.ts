import { onPath } from '../../base/on-path.js';
import type { SpeakOptions } from '../core/stages.js';

/** A program that turns text into a WAV. */
export interface VoiceProgram {
  readonly command: string;
  /** Where the WAV goes; programs that cannot write to a pipe get a file. */
  readonly writes: 'stdout' | 'file';
  /** Text always travels over standard input: no shell and no argument ever sees it. `file` is empty for `stdout`. */
  args(options: SpeakOptions, file: string): string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The speech program of this system: espeak-ng or espeak, macOS's `say`, or Windows' SAPI; undefined if there is none.
 */
export async function findVoiceProgram(
  platform: NodeJS.Platform,
  env: Environment,
): Promise<VoiceProgram | undefined> {
  if (platform === 'win32') return sapi;
  if (platform === 'darwin' && (await onPath('say', env))) return say;
  for (const command of ['espeak-ng', 'espeak']) if (await onPath(command, env)) return espeak(command);
  return undefined;
}

/** Words per minute of an unhurried speaker. */
const wordsPerMinute = 170;

function espeak(command: string): VoiceProgram {
  return {
    command,
    writes: 'stdout',
    args: ({ voice, speed, language }) => [
      '--stdin',
      '--stdout',
      '-b',
      '1',
      '-s',
      String(Math.round(wordsPerMinute * speed)),
      '-v',
      `${languageTag(language)}+${typeof voice === 'string' ? (espeakVariants[voice] ?? 'm3') : 'm3'}`,
    ],
  };
}

/** espeak's variants of a voice, so that the names of the protocol sound different from each other. */
const espeakVariants: Readonly<Record<string, string>> = {
  alloy: 'f2',
  ash: 'm1',
  ballad: 'm2',
  coral: 'f1',
  echo: 'm4',
  sage: 'f4',
  shimmer: 'f5',
  verse: 'm7',
  marin: 'f3',
  cedar: 'm3',
};

/** `de`, `pt-br`; anything else would be taken for an option or a file. */
function languageTag(language: string | undefined): string {
  const tag = (language ?? 'en').toLowerCase();
  return /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/.test(tag) ? tag : 'en';
}

const say: VoiceProgram = {
  command: 'say',
  writes: 'file',
  args: ({ speed }, file) => [
    '-r',
    String(Math.round(wordsPerMinute * speed)),
    '--file-format=WAVE',
    '--data-format=LEI16@22050',
    '-o',
    file,
    '-f',
    '-',
  ],
};

const sapiScript = `
$ErrorActionPreference = 'Stop'
[Console]::InputEncoding = [Text.Encoding]::UTF8
Add-Type -AssemblyName System.Speech
$voice = New-Object System.Speech.Synthesis.SpeechSynthesizer
$sound = New-Object IO.MemoryStream
$voice.SetOutputToWaveStream($sound)
$voice.Speak([Console]::In.ReadToEnd())
$out = [Console]::OpenStandardOutput()
$sound.WriteTo($out)
$out.Flush()
`;

const sapi: VoiceProgram = {
  command: 'powershell.exe',
  writes: 'stdout',
  args: () => ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', sapiScript],
};
