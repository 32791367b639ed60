import { type Ending, ExitCode } from '../../contract/exit.js';
import type { Facts } from '../../contract/facts.js';
import type { CloseMeaning, ConnectionSettings, Provider } from '../../providers/provider.js';

/** For a conversation that has begun. */
export const againHint = 'Start again to continue.';

/** The reason of a temporary refusal. */
export const unavailable = 'provider.unavailable';

const checkAll = 'Check key, model and address.';
const modelAndAddress: Facts = { options: ['model', 'url'] };

/** What a close code means if the provider does not explain it (RFC 6455 and the registry of codes). */
function generalMeaning(code: number, reason: string): CloseMeaning {
  const said = reason === '' ? '' : ` It says: ${reason}`;
  const network = (message: string, fatal = false): CloseMeaning => {
    return { fatal, cause: 'network', message: message + said, hint: againHint };
  };
  const refused = (message: string, hint: string, facts?: Facts): CloseMeaning => {
    return { fatal: true, cause: 'refused', message: message + said, hint, facts };
  };
  if (/beta_api_shape_disabled/.test(reason)) {
    return refused(
      'The server took us for a client of the former beta dialect.',
      'A proxy in between must not add the header OpenAI-Beta, and the address must be one of this provider.',
      { options: ['url'] },
    );
  }
  switch (code) {
    case 1000:
      return network('The server ended the session.', true);
    case 1001:
      return network('The server is going away.');
    case 1002:
      return network('The server and this client did not understand each other (close code 1002).', true);
    case 1005:
      return network('The server ended the session without a reason.');
    case 1006:
    case 1015:
      return network('The connection to the server was lost.');
    case 1008:
      return refused('The server refused to go on because of its rules.', checkAll, modelAndAddress);
    case 1009:
      return refused(
        'The server refused a message as too large.',
        'Send smaller pictures, or shorter instructions.',
      );
    case 1011:
      return network('The server ended the session because of an internal error.');
    case 1012:
      return network('The server restarts.');
    case 1013:
      return network('The server is overloaded.');
    case 1014:
      return network('A gateway on the way to the server failed.');
    default:
      return refused(`The server ended the session with close code ${code}.`, checkAll, modelAndAddress);
  }
}

/** How a closed connection ends a session, and whether a new connection could help. */
export function closeMeaning(
  provider: Provider,
  code: number,
  reason: string,
  connection?: ConnectionSettings,
): CloseMeaning {
  return provider.explainClose?.(code, reason, connection) ?? generalMeaning(code, reason);
}

export function endingOfClose({ cause, message, hint, facts }: CloseMeaning): Ending {
  return { exitCode: exitCodes[cause], reason: reasons[cause], message, hint, facts };
}

export const exitCodes = {
  credentials: ExitCode.configuration,
  refused: ExitCode.refused,
  expired: ExitCode.network,
  network: ExitCode.network,
  ended: ExitCode.ok,
} as const satisfies Record<CloseMeaning['cause'], ExitCode>;

const reasons: Record<CloseMeaning['cause'], string> = {
  credentials: 'credentials.refused',
  refused: 'provider.refused',
  expired: 'session.expired',
  network: 'link.lost',
  ended: 'call.ended',
};
