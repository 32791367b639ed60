import { fstatSync, type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { quoted } from '../../audio/files/audio-failure.js';
import { createWavWriter, type WavWriter } from '../../audio/files/wav/wav-writer.js';
import type { Io, Settings } from '../../config/settings.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { Profile } from '../../contract/profile.js';
import type { RecordingInfo } from '../../recording/recorder.js';
import { writeTranscript } from '../../recording/transcript-file.js';
import type { VoiceSession } from '../../session/voice-session.js';
import { type Recording, startRecording } from '../session/record.js';
import type { AskOptions } from './ask-options.js';

type Names = Pick<AskOptions, 'input' | 'output' | 'transcript'>;

interface Surroundings {
  readonly profile: Profile;
  readonly stdout: Io['stdout'];
  readonly onWarning: RecordingInfo['onWarning'];
}

/** The files of one `ask`: the reply, the transcript, the recording. They are kept, however the command ends. */
export class AskFiles {
  private constructor(
    readonly reply: WavWriter | undefined,
    readonly recording: Recording | undefined,
    private readonly transcript: string | undefined,
  ) {}

  /**
   * Opening a file for writing empties it, so no path may be given twice, and above all not that of the input
   * recording.
   * @throws VoxtermError exit 2.
   */
  static check({ input, output, transcript }: Names, io: Io): void {
    const unnamed = output === '' ? '-o' : transcript === '' ? '--transcript' : undefined;
    if (unnamed !== undefined) {
      throw usage(`${unnamed} needs the name of a file.`, 'Is a variable of your script empty?');
    }
    if (transcript === '-') {
      throw usage(
        'The transcript needs a file of its own.',
        'Leave out --transcript: the words are printed anyway.',
      );
    }
    const question = input === '-' ? redirected(io.stdin) : input === undefined ? undefined : file(input);
    const targets = [output, transcript].flatMap((path) =>
      path === undefined || path === '-' ? [] : [path],
    );
    for (const path of targets) {
      if (same(question, file(path))) {
        throw usage(
          `${quoted(path)} is the recording itself.`,
          'Choose another name, so that the question is not overwritten.',
        );
      }
    }
    const [reply, words] = targets;
    if (reply === undefined || words === undefined) return;
    const there = file(words);
    const clash = there === undefined ? resolve(reply) === resolve(words) : same(file(reply), there);
    if (!clash) return;
    throw usage(
      `${quoted(reply)} cannot hold both the reply and the transcript.`,
      'Give one of them another name.',
    );
  }

  /** @throws VoxtermError exit 2 when a file cannot be written. */
  static open({ output, transcript }: Names, settings: Settings, around: Surroundings): AskFiles {
    const { profile, stdout, onWarning } = around;
    // Created empty now, so that a failure does not come after a conversation that was paid for.
    if (transcript !== undefined && isReplaceable(transcript)) writeTranscript(transcript, []);
    const layout = { rateHz: profile.outputRateHz, channels: 1 };
    const reply = output === undefined ? undefined : createWavWriter(output, layout, stdout);
    return new AskFiles(reply, startRecording(settings, profile, onWarning), transcript);
  }

  /** Completes everything. @throws VoxtermError exit 2 for the first file that could not be completed. */
  async keep(session: VoiceSession | undefined): Promise<void> {
    this.recording?.close();
    const failures: unknown[] = [];
    await this.reply?.close().catch((error: unknown) => failures.push(error));
    try {
      this.writeWords(session);
    } catch (error) {
      failures.push(error);
    }
    if (failures.length > 0) throw failures[0];
  }

  /** For exits that cannot wait. */
  keepNow(session: VoiceSession | undefined): void {
    this.recording?.close();
    this.reply?.closeSync();
    try {
      this.writeWords(session);
    } catch {
      // The process is exiting: an error can no longer be reported.
    }
  }

  private writeWords(session: VoiceSession | undefined): void {
    if (this.transcript !== undefined && session !== undefined) {
      writeTranscript(this.transcript, session.history);
    }
  }
}

function file(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

/** The file behind `< question.wav`. */
function redirected(stdin: Io['stdin']): Stats | undefined {
  return 'fd' in stdin && typeof stdin.fd === 'number' ? fstatSync(stdin.fd) : undefined;
}

/** Devices such as /dev/null may be named more than once. */
function same(a: Stats | undefined, b: Stats | undefined): boolean {
  return a !== undefined && b !== undefined && a.isFile() && a.ino === b.ino && a.dev === b.dev;
}

/** What was written to a pipe or a device cannot be changed. */
function isReplaceable(path: string): boolean {
  const known = file(path);
  return known === undefined || known.isFile() || known.isDirectory();
}

function usage(message: string, hint: string): VoxtermError {
  return new VoxtermError(message, { code: 'usage', exitCode: ExitCode.usage, hint });
}
