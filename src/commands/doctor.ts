import { resolveSettings } from '../config/load.js';
import type { CommonFlags, Io, Settings } from '../config/settings.js';
import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import { oneLine } from '../terminal/text/clean-text.js';
import { type Styles, styles } from '../terminal/text/color.js';
import { type Check, type CheckResult, runCheck } from './doctor/check.js';
import { engineChecks } from './doctor/engine-checks.js';
import { providerChecks } from './doctor/provider-check.js';
import { soundChecks } from './doctor/sound-checks.js';
import { configCheck, keysCheck, nodeCheck, terminalCheck, voiceCheck } from './doctor/system-checks.js';

/** Runs every check and prints its finding and remedy. Returns the exit code of the first check that failed. */
export async function doctor(flags: CommonFlags, io: Io): Promise<ExitCode> {
  const settings = await settingsIfValid(flags, io);
  const sound = settings ?? { audio: anyDevice, env: io.env };
  const checks = [
    nodeCheck(),
    terminalCheck(io),
    configCheck(flags, io),
    keysCheck(settings?.env ?? io.env),
    // Before the sound, which a server may not have: the exit code is that of the first failed check.
    ...(settings === undefined ? [] : [...engineChecks(settings), ...(await providerChecks(settings))]),
    ...soundChecks(sound),
    voiceCheck(sound.env),
  ];
  return examine(checks, io, {
    json: flags.json === true,
    quiet: flags.quiet === true,
    color: settings?.output.color.stdout ?? false,
  });
}

const anyDevice = { backend: 'auto', inputDevice: undefined, outputDevice: undefined, echo: 'off' } as const;

/** A broken configuration is a finding and does not stop the doctor: the sound can still be checked. */
async function settingsIfValid(flags: CommonFlags, io: Io): Promise<Settings | undefined> {
  try {
    return await resolveSettings(flags, io.env, io);
  } catch (error) {
    if (error instanceof VoxtermError) return undefined;
    throw error;
  }
}

export interface ExamineOptions {
  readonly json: boolean;
  /** Print only warnings and failures. */
  readonly quiet: boolean;
  readonly color: boolean;
}

/** Runs the checks one after the other: microphone and speaker must not disturb each other. */
export async function examine(
  checks: readonly Check[],
  { stdout }: Pick<Io, 'stdout'>,
  { json, quiet, color }: ExamineOptions,
): Promise<ExitCode> {
  const width = Math.max(...checks.map(({ title }) => title.length));
  const results: CheckResult[] = [];
  for (const check of checks) {
    if (
      check.needs !== undefined &&
      !results.some(({ id, status }) => id === check.needs && status !== 'failed')
    ) {
      continue;
    }
    const result = await runCheck(check);
    results.push(result);
    if (!json && !(quiet && result.status === 'ok')) stdout.write(lines(result, width, styles(color)));
  }
  const exitCode = results.find(({ status }) => status === 'failed')?.exitCode ?? ExitCode.ok;
  if (json) {
    const findings = results.map(({ id, title, status, detail, remedy }) => ({
      id,
      title,
      status,
      detail,
      remedy,
    }));
    stdout.write(`${JSON.stringify({ checks: findings, exitCode }, undefined, 2)}\n`);
  } else if (!quiet) {
    stdout.write(`\n${summary(results)}\n`);
  }
  return exitCode;
}

const words = { ok: 'ok', warning: 'warn', failed: 'FAIL' } as const;

function lines({ status, title, detail, remedy }: CheckResult, width: number, style: Styles): string {
  const paint = { ok: style.green, warning: style.yellow, failed: style.red }[status];
  const found = `${paint(words[status].padEnd(4))}  ${title.padEnd(width)}  ${oneLine(detail)}\n`;
  return remedy === undefined
    ? found
    : `${found}${' '.repeat(width + 8)}${style.dim('→')} ${oneLine(remedy)}\n`;
}

function summary(results: readonly CheckResult[]): string {
  const failed = results.filter(({ status }) => status === 'failed').length;
  const warned = results.filter(({ status }) => status === 'warning').length;
  if (failed > 0) return `${failed} of ${results.length} checks failed; what to do stands beside them.`;
  return warned > 0 ? 'Usable; what could be better stands above.' : 'Everything is in order.';
}
