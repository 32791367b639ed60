import type { ModelEvent } from '../../contract/events.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { Profile } from '../../contract/profile.js';
import type { SettingName } from '../../contract/settings.js';
import type { Quirks, Switches } from '../compatible/switches.js';
import type { CloseMeaning, ConnectionSettings } from '../provider.js';

/** Fixed when the call was accepted; the server refuses a session update that contains them. */
const fixed: readonly SettingName[] = ['voice', 'modality'];

/**
 * A telephone call that another program has accepted: its audio does not pass through us, and its conversation stays
 * with the call.
 */
export function callProfile(reference: Profile): Profile {
  return {
    ...reference,
    mediaElsewhere: true,
    clientTurns: false,
    settings: reference.settings.filter((name) => !fixed.includes(name)),
    // Only the server plays the audio, so only it knows what was heard.
    truncation: 'server',
    interruptsItself: true,
    images: null,
    deletesItems: false,
    // A new connection finds the conversation as it is.
    resume: 'conversation',
    replay: 'none',
    sessionLimitS: null,
    voices: [],
  };
}

/** The audio formats of a call are those of the telephone line. */
export function callDialect(reference: Switches, callId: string): Switches {
  return { ...reference, format: { kind: 'unsaid' }, quirks: () => callQuirks(reference.quirks?.(), callId) };
}

function callQuirks(reference: Quirks | undefined, callId: string): Quirks {
  return {
    ...reference,
    events: (events) =>
      events.flatMap((event): ModelEvent[] => {
        // A session ends with its call, so it is not moved to a new connection before it expires.
        if (event.type === 'session.updated') return [{ ...event, expiresAtMs: undefined }];
        if (event.type !== 'session.created') return [event];
        return [
          { ...event, expiresAtMs: undefined },
          { type: 'resume.handle', handle: callId },
        ];
      }),
  };
}

/**
 * The address of a call, without a model: it was chosen when the call was accepted.
 * @throws VoxtermError exit 2 if the id is not the id of a call.
 */
export function callAddress(address: string, callId: string): string {
  if (!/^rtc_[A-Za-z0-9_-]{1,128}$/.test(callId)) {
    throw new VoxtermError(`${JSON.stringify(callId.slice(0, 80))} is not the id of a call.`, {
      code: 'call.id',
      exitCode: ExitCode.usage,
      hint: 'Call ids start with rtc_. They are in the webhook "realtime.call.incoming" and in the response to POST /v1/realtime/calls.',
    });
  }
  const url = new URL(address);
  url.searchParams.delete('model');
  url.searchParams.set('call_id', callId);
  return url.href;
}

/** The server closes with 1000 when the caller hangs up or another program ends the call. */
export function explainHangup(code: number): CloseMeaning | undefined {
  return code === 1000 ? ended : undefined;
}

/** HTTP 404: there is no such call, or, on a reconnect, it has ended. */
export function explainNoCall(
  status: number,
  { callId = '', reconnecting = false }: ConnectionSettings,
): CloseMeaning | undefined {
  if (status !== 404) return undefined;
  if (reconnecting) return ended;
  return {
    fatal: true,
    cause: 'refused',
    message: `There is no call ${callId} (HTTP 404).`,
    hint: 'The call must be in progress, and accepted by the project that the key belongs to.',
  };
}

const ended: CloseMeaning = { fatal: true, cause: 'ended', message: 'The call has ended.' };
