import { accessSync, closeSync, constants, lstatSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeFailure } from '../../audio/files/write-failure.js';
import { readTextFile } from '../../base/text-file.js';
import type { Settings } from '../../config/settings.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import { readHistory, type SavedHistory } from '../../history/read-history.js';
import { saveHistory } from '../../history/save-history.js';
import type { VoiceSession } from '../../session/voice-session.js';

/** The events of a recording repeat every word several times; hours of them fit. */
const largestMegabytes = 64;

/**
 * Reads the conversation that `--resume` names.
 * @throws VoxtermError exit 2 when it cannot be read.
 */
export async function readEarlierTalk(settings: Settings): Promise<SavedHistory | undefined> {
  const { resume } = settings;
  if (resume === undefined) return undefined;
  const text = await readTextFile(resume, {
    what: 'saved conversation',
    exitCode: ExitCode.usage,
    megabytes: largestMegabytes,
  });
  return readHistory(text, resume);
}

/** While the conversation goes on it is saved this often at most, and less often where saving takes long. */
const saveEveryMs = 500;
const restPerSave = 20;

/**
 * The file that `--save-history` names: written as the conversation goes on, and once more however the command ends.
 */
export class SavedTalk {
  private over = false;
  private timer: NodeJS.Timeout | undefined;
  private nextAtMs = 0;
  private failed = false;
  private unfollow: () => void = () => {};

  private constructor(
    private readonly path: string | undefined,
    private readonly isNew: boolean,
  ) {}

  /**
   * Call before connecting, so that a file that cannot be written costs nothing.
   * @throws VoxtermError exit 2.
   */
  static open({ saveHistory: path }: Settings): SavedTalk {
    if (path === undefined) return new SavedTalk(undefined, false);
    try {
      const there = statSync(path, { throwIfNoEntry: false });
      // Opening a pipe blocks the whole process until something reads it.
      if (there?.isFIFO()) throw namedPipe(path);
      closeSync(openSync(path, 'a', 0o600));
      accessSync(dirname(path), constants.W_OK);
      return new SavedTalk(path, there === undefined);
    } catch (error) {
      throw writeFailure(error, path);
    }
  }

  /** Saves what has been said whenever that changes. `failed` is called once if it cannot be saved. */
  follow(
    session: VoiceSession,
    agent: () => string | undefined,
    failed: (error: VoxtermError) => void,
  ): void {
    const { path } = this;
    // What is written through, such as a device, gets the conversation once.
    if (path === undefined || !lstatSync(path, { throwIfNoEntry: false })?.isFile()) return;
    const save = (): void => {
      this.timer = undefined;
      const beganMs = performance.now();
      try {
        saveTalk(path, session, agent());
      } catch (error) {
        if (!this.failed && error instanceof VoxtermError) failed(error);
        this.failed = true;
      }
      const nowMs = performance.now();
      this.nextAtMs = nowMs + Math.max(saveEveryMs, (nowMs - beganMs) * restPerSave);
    };
    this.unfollow = session.subscribe((event) => {
      if (event.type !== 'history.updated' || this.over) return;
      this.timer ??= setTimeout(save, Math.max(0, this.nextAtMs - performance.now())).unref();
    });
  }

  /** May be called twice. @throws VoxtermError exit 2 when it cannot be written. */
  keep(session: VoiceSession | undefined, agent: string | undefined): void {
    if (this.over || this.path === undefined) return;
    this.over = true;
    clearTimeout(this.timer);
    this.unfollow();
    if (session !== undefined) saveTalk(this.path, session, agent);
    else if (this.isNew) rmSync(this.path, { force: true }); // there was no conversation
  }
}

function namedPipe(path: string): VoxtermError {
  return new VoxtermError(
    `${JSON.stringify(path)} is a named pipe; the conversation cannot be saved there.`,
    {
      code: 'output.pipe',
      exitCode: ExitCode.usage,
      hint: 'Name a file.',
    },
  );
}

/** @throws VoxtermError exit 2 when it cannot be written. */
export function saveTalk(path: string, session: VoiceSession, agent: string | undefined): void {
  const { provider, model } = session.profile;
  saveHistory(path, session.history, { savedAt: new Date(), provider, model, agent });
}
