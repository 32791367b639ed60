import { accessSync, closeSync, constants, existsSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Settings } from '../config/settings.js';
import { readTextFile } from '../config/text-file.js';
import { ExitCode } from '../conversation/exit.js';
import { VoxtermError } from '../conversation/failure.js';
import { readHistory, type SavedHistory } from '../history/read-history.js';
import { saveHistory } from '../history/save-history.js';
import type { VoiceSession } from '../session/voice-session.js';

/**
 * What `--resume` names.
 * @throws VoxtermError exit 2 when it cannot be read.
 */
export async function readEarlierTalk(settings: Settings): Promise<SavedHistory | undefined> {
  const { resume } = settings;
  if (resume === undefined) return undefined;
  const text = await readTextFile(resume, { what: 'saved conversation', exitCode: ExitCode.usage });
  return readHistory(text, resume);
}

/** What `--save-history` names: written once, on whatever way out. */
export class SavedTalk {
  private over = false;

  private constructor(
    private readonly path: string | undefined,
    private readonly isNew: boolean,
  ) {}

  /**
   * Before anything is connected: a file that cannot be written must cost nothing.
   * @throws VoxtermError exit 2.
   */
  static open({ saveHistory: path }: Settings): SavedTalk {
    if (path === undefined) return new SavedTalk(undefined, false);
    const isNew = !existsSync(path);
    try {
      closeSync(openSync(path, 'a', 0o600));
      accessSync(dirname(path), constants.W_OK);
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'the system refused';
      throw new VoxtermError(`The conversation cannot be saved to "${path}": ${code}.`, {
        code: 'output.failed',
        exitCode: ExitCode.usage,
        hint: 'Check the path, its permissions and the disk it is on.',
        cause,
      });
    }
    return new SavedTalk(path, isNew);
  }

  /** Twice does no harm. @throws VoxtermError exit 2 when it cannot be written. */
  keep(session: VoiceSession | undefined, agent: string | undefined): void {
    if (this.over || this.path === undefined) return;
    this.over = true;
    if (session !== undefined) saveTalk(this.path, session, agent);
    else if (this.isNew) rmSync(this.path, { force: true }); // there was no conversation
  }
}

/** @throws VoxtermError exit 2 when it cannot be written. */
export function saveTalk(path: string, session: VoiceSession, agent: string | undefined): void {
  const { provider, model } = session.profile;
  saveHistory(path, session.history, { savedAt: new Date(), provider, model, agent });
}
