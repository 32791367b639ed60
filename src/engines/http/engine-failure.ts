import { Secrets } from '../../base/secrets.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import { ProxyFailure } from '../../network/proxy-failure.js';
import { settingOf } from '../core/engine-config.js';
import type { EngineAddress } from './engine-address.js';

const names = { hear: 'hearing', think: 'thinking', speak: 'speaking' } as const;

/** "The thinking engine at http://127.0.0.1:11434/v1" */
function nameOf({ role, shown }: EngineAddress): string {
  return `The ${names[role]} engine at ${shown}`;
}

/** A failure of an engine. `what` completes "The hearing engine at …". */
export function engineFailure(
  address: EngineAddress,
  code: string,
  what: string,
  hint: string,
  cause?: unknown,
): VoxtermError {
  // `what` may quote the engine.
  return new VoxtermError(`${nameOf(address)} ${new Secrets([address.key]).hide(what)}.`, {
    code: `engine.${code}`,
    exitCode: ExitCode.network,
    hint,
    cause,
  });
}

/** Message and hint in one text, where only one text can be passed on. */
export function withHint(error: unknown): string {
  if (error instanceof VoxtermError) {
    return error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
  }
  return error instanceof Error ? error.message : String(error);
}

/** The connection failed, or broke before an answer. */
export function unreachable(address: EngineAddress, error: unknown): VoxtermError {
  if (error instanceof ProxyFailure) {
    return engineFailure(address, 'proxy', `cannot be reached: ${error.message}`, error.hint, error);
  }
  const code = codeOf(error);
  const url = settingOf(address, 'url');
  switch (code) {
    case 'ECONNREFUSED':
      return engineFailure(address, 'down', 'is not running', `Start it, or correct ${url}.`, error);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return engineFailure(address, 'unknown-host', 'has an unknown host name', `Correct ${url}.`, error);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return engineFailure(
        address,
        'unreachable',
        'cannot be reached',
        `Check the network, the firewall and ${url}.`,
        error,
      );
    default:
      if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL|EPROTO/.test(code)) {
        return engineFailure(
          address,
          'certificate',
          `cannot be trusted (${code})`,
          `Use its real name in ${url}, name its authority in NODE_EXTRA_CA_CERTS, or use http:// on this machine.`,
          error,
        );
      }
      return engineFailure(
        address,
        'broken',
        `broke the connection${code === '' ? '' : ` (${code})`}`,
        'Look into its own output; it may have crashed or run out of memory.',
        error,
      );
  }
}

export function tooLate(address: EngineAddress, ms: number, phase: 'begin' | 'go on'): VoxtermError {
  const setting = settingOf(address, 'timeoutMs');
  return engineFailure(
    address,
    phase === 'begin' ? 'late' : 'stalled',
    phase === 'begin'
      ? `did not begin to answer within ${ms / 1000} s`
      : `stopped in the middle of its answer, for ${ms / 1000} s now`,
    `It may still be loading its model: try again, take a smaller model, or raise ${setting}.`,
  );
}

export function cutOff(address: EngineAddress, error?: unknown): VoxtermError {
  return engineFailure(
    address,
    'cut-off',
    'broke off in the middle of its answer',
    'Look into its own output; it may have crashed or run out of memory.',
    error,
  );
}

/** The engine sent something other than what was requested. */
export function unexpectedAnswer(address: EngineAddress, got: string, expected: string): VoxtermError {
  return engineFailure(
    address,
    'nonsense',
    `answered with ${got} instead of ${expected}`,
    `Check ${settingOf(address, 'url')}: it goes up to /v1.`,
  );
}

/** Node wraps socket errors; the inner code is the cause. */
function codeOf(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string' && !(at.cause instanceof Error)) return at.code;
    if (at instanceof AggregateError) {
      const [first] = at.errors;
      if (first instanceof Error && 'code' in first && typeof first.code === 'string') return first.code;
    }
  }
  return '';
}
