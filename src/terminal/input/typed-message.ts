import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { VoxtermError } from '../../contract/failure.js';
import { describeImage } from '../../session/images/image.js';
import { readImage } from '../../session/images/read-image.js';
import type { VoiceSession } from '../../session/voice-session.js';

/** What typed lines need from the program. */
export interface TypedHost {
  /** Shows a message of the program itself. */
  note(level: 'info' | 'warning', text: string, hint?: string): void;
  /** The hint of a failure as this program tells it. */
  adviceOn(failure: VoxtermError): string | undefined;
  /** Saves the conversation. @throws VoxtermError when it cannot. */
  save(path: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What a typed line asks for: `/image PATH [words]`, `/save PATH`, or just its words. */
interface TypedMessage {
  readonly image: string | undefined;
  readonly text: string;
}

/**
 * Sends a typed line. A picture is sent before the words about it. Never rejects: a problem with the picture is shown
 * as a note, and then the words are not sent either. Returns whether an answer will follow: a picture alone gets none.
 */
export async function sendTyped(line: string, session: VoiceSession, host: TypedHost): Promise<boolean> {
  const file = /^\/save(?:\s+(.*))?$/s.exec(line.trim());
  if (file !== null) {
    save(wholePath(file[1] ?? ''), host);
    return false;
  }
  const { image, text } = parse(line);
  if (image === '') {
    host.note('warning', 'Which picture? Type /image PATH, optionally followed by a question.');
    return false;
  }
  if (image !== undefined && !(await sendImage(image, session, host))) return false;
  if (text === '') return false;
  session.sendText(text);
  return true;
}

function save(path: string, host: TypedHost): void {
  if (path === '') {
    host.note('warning', 'Save to which file? Type /save talk.md, or /save talk.json to continue it later.');
    return;
  }
  try {
    const whole = resolve(withHome(path));
    host.save(whole);
    host.note('info', `conversation saved in ${whole}`);
  } catch (error) {
    if (!(error instanceof VoxtermError)) throw error;
    host.note('warning', error.message, host.adviceOn(error));
  }
}

async function sendImage(path: string, session: VoiceSession, host: TypedHost): Promise<boolean> {
  try {
    const { profile } = session;
    const image = await readImage(resolve(withHome(path)), { profile, env: host.env });
    session.sendImage(image);
    host.note('info', `picture sent (${describeImage(image)})`);
    return true;
  } catch (error) {
    if (!(error instanceof VoxtermError)) throw error;
    host.note('warning', error.message, host.adviceOn(error));
    return false;
  }
}

function parse(line: string): TypedMessage {
  const command = /^\/image(?:\s+(.*))?$/s.exec(line.trim());
  if (command === null) return { image: undefined, text: line };
  const { path, rest } = pathAndRest(command[1] ?? '');
  return { image: path, text: rest };
}

/** The path may be quoted or escaped, as terminals write it when a file is dropped on them. */
function pathAndRest(words: string): { readonly path: string; readonly rest: string } {
  const [, double, single, bare = '', after = ''] =
    /^(?:"([^"]*)"|'([^']*)'|((?:\\\s|\S)*))(.*)$/s.exec(words.trim()) ?? [];
  return { path: double ?? single ?? bare.replace(/\\([\s'"()&\\])/g, '$1'), rest: after.trim() };
}

/** A path that takes up the whole line: it may contain spaces. */
function wholePath(words: string): string {
  const { path, rest } = pathAndRest(words);
  return rest === '' ? path : words.trim();
}

function withHome(path: string): string {
  return path.replace(/^~(?=[/\\]|$)/, homedir());
}
