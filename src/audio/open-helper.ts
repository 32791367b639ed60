import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import { backendChoices, type EchoMode } from '../contract/sound-options.js';
import { deviceFailure } from './devices/device-failure.js';
import type { OpenOrder, Order, Report } from './helper/messages.js';
import { type Helper, type HelperListener, type HelperOptions, HelperProcess } from './helper-process.js';
import type { SoundOptions } from './sound.js';

/** Settings that may have changed since the sound was first opened. */
export interface Reopening {
  readonly muted: boolean;
  readonly echo: EchoMode;
  /** Take the system's defaults, because the chosen devices are gone. */
  readonly anyDevice: boolean;
  /** What was open before: the same comes back, and nothing else is taken instead. Absent at the first opening. */
  readonly before?:
    | { readonly backend: string; readonly input: boolean; readonly output: boolean }
    | undefined;
}

export type OpenHelper = (reopening: Reopening) => Promise<OpenedHelper>;

/** A helper whose devices are open. */
export interface OpenedHelper {
  readonly helper: Helper;
  readonly backend: string;
  readonly inputName: string | null;
  readonly outputName: string | null;
  /** From now on the listener gets everything; first what arrived in the meantime. */
  attach(listener: HelperListener): void;
}

/**
 * Starts a helper and opens its devices.
 * @throws VoxtermError exit 4 when it refuses, dies or does not answer within `deadlineMs`; then no helper keeps
 *   running.
 */
export async function openHelper(
  order: OpenOrder,
  options: HelperOptions,
  deadlineMs: number,
): Promise<OpenedHelper> {
  const waiting: ((listener: HelperListener) => void)[] = [];
  let attached: HelperListener | undefined;
  const tell = (what: (listener: HelperListener) => void) => {
    if (attached !== undefined) what(attached);
    else waiting.push(what);
  };
  const { helper, report } = await startHelper(order, options, deadlineMs, {
    report: (next) => tell((listener) => listener.report(next)),
    frame: (audio, level) => tell((listener) => listener.frame(audio, level)),
    ended: (reason) => tell((listener) => listener.ended(reason)),
  });
  if (report.type !== 'opened') throw unexpected(helper, report);
  const { backend, inputName, outputName } = report;
  const attach = (listener: HelperListener) => {
    attached = listener;
    for (const what of waiting.splice(0)) what(listener);
  };
  return { helper, backend, inputName, outputName, attach };
}

/**
 * Starts a helper, sends it an order and waits for its first report.
 * @throws VoxtermError exit 4, as `openHelper` does.
 */
export async function startHelper(
  order: Order,
  options: HelperOptions,
  deadlineMs: number,
  rest?: HelperListener,
): Promise<{ helper: HelperProcess; report: Report }> {
  return new Promise((resolve, reject) => {
    let answered = false;
    const settle = (): boolean => {
      clearTimeout(deadline);
      const first = !answered;
      answered = true;
      return first;
    };
    const helper = new HelperProcess(options, {
      report: (report) => {
        if (!settle()) rest?.report(report);
        else if (report.type === 'refused') reject(refused(helper, report));
        else resolve({ helper, report });
      },
      frame: (audio, level) => rest?.frame(audio, level),
      ended: (reason) => {
        if (!settle()) rest?.ended(reason);
        else reject(dead(helper, reason));
      },
    });
    const deadline = setTimeout(() => {
      if (settle()) reject(dead(helper, `no answer within ${deadlineMs / 1000} s`));
    }, deadlineMs);
    helper.send(order);
  });
}

/** The order that opens what the user's options ask for. */
export function openOrder(options: SoundOptions, { muted, echo, anyDevice, before }: Reopening): OpenOrder {
  const { backend = 'auto', input = true, output = true } = options;
  return {
    type: 'open',
    backend: backendChoices.find((choice) => choice === before?.backend) ?? backend,
    echo,
    muted,
    without: [],
    inputRateHz: options.inputRateHz,
    outputRateHz: options.outputRateHz,
    inputDevice: anyDevice ? null : (options.inputDevice ?? null),
    outputDevice: anyDevice ? null : (options.outputDevice ?? null),
    input: before?.input ?? input,
    output: before?.output ?? output,
    partial: before === undefined,
  };
}

function refused(helper: HelperProcess, report: Extract<Report, { type: 'refused' }>): VoxtermError {
  helper.kill();
  const { code, message, hint, facts } = report;
  return new VoxtermError(message, { code, exitCode: ExitCode.audio, hint, facts });
}

function dead(helper: HelperProcess, reason: string): VoxtermError {
  helper.kill();
  const said = helper.lastLines.length === 0 ? '' : `Its last words: ${helper.lastLines.join(' / ')}. `;
  return deviceFailure.notAnswering(
    `The sound device cannot be opened: ${reason}.`,
    `${said}Check that the sound server runs, or try another backend.`,
    { facts: { options: ['backend'] } },
  );
}

function unexpected(helper: HelperProcess, report: Report): VoxtermError {
  return dead(helper, `the sound helper answered "${report.type}"`);
}
