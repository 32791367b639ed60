import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { program } from '../built.js';
import type { ScriptedServer } from '../session/scripted-server.js';
import { AskHome, AskRun } from './ask-driver.js';

/** Must not come back from anywhere. */
export const key = 'sk-sentinel-0123456789abcdef';
/** What a terminal would act upon: controls but the line feed, and overrides of direction. */
export const acted = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/;
/** Clears the screen, sets the title and turns words round, in 7 and 8 bit. */
export const evil = '\x1b[2J\x1b]0;evil\x07\x9b31m\u202ered\r\n';

export function asking(server: ScriptedServer): string[] {
  return ['--provider', 'openai', '--url', server.url, '--text', 'hello'];
}

export async function ask(server: ScriptedServer, ...more: string[]): Promise<AskRun> {
  return new AskHome().run([...asking(server), ...more], { env: { OPENAI_API_KEY: key } });
}

/** The conversation without a terminal and without sound: lines in, lines out. */
export async function talk(server: ScriptedServer, lines: string): Promise<AskRun> {
  const home = new AskHome();
  const child = spawn(
    process.execPath,
    [program, 'talk', '--provider', 'openai', '--url', server.url, '--quiet'],
    {
      env: {
        PATH: process.env.PATH,
        HOME: home.directory,
        XDG_CONFIG_HOME: home.directory,
        XDG_RUNTIME_DIR: home.directory,
        PULSE_SERVER: `unix:${home.path('no-pulse')}`,
        ALSA_CONFIG_PATH: '/dev/null',
        OPENAI_API_KEY: key,
      },
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdin.on('error', () => {});
  child.stdin.end(lines);
  const run = new AskRun(child);
  await run.exited;
  return run;
}
