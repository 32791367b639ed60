import { adviceOn } from '../../cli/advice.js';
import type { SessionEvent } from '../../contract/session-events.js';
import { shortName } from '../../terminal/text/short-name.js';

/** If there is no user to ask, a warning says which option would allow the tool. */
export function tellOfMissingPermission(
  event: SessionEvent,
  warn: (message: string, hint: string | undefined) => void,
): void {
  if (event.type !== 'tool.failed' || event.code !== 'approval.missing') return;
  const name = shortName(event.name);
  const hint = adviceOn({ code: event.code, facts: { tool: name } });
  warn(`${name} was not run: there is no one to allow it.`, hint);
}
