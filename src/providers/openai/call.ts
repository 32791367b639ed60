import type { ModelEvent } from '../../contract/events.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { Profile, SettingName } from '../../contract/profile.js';
import type { Quirks, Switches } from '../compatible/switches.js';
import type { CloseMeaning, ConnectionSettings } from '../provider.js';

/** Settled when the call was accepted; a session that holds them is refused as a whole. */
const settled: readonly SettingName[] = ['voice', 'modality'];

/** A telephone call that somebody else has accepted: its sound goes its own way, and its conversation stays with the call. */
export function callProfile(reference: Profile): Profile {
  return {
    ...reference,
    mediaElsewhere: true,
    clientTurns: false,
    settings: reference.settings.filter((name) => !settled.includes(name)),
    // The server holds the sound, so it alone knows what was heard.
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

/** The formats of a call are those of its line. */
export function callDialect(reference: Switches, callId: string): Switches {
  return { ...reference, format: { kind: 'unsaid' }, quirks: () => callQuirks(reference.quirks?.(), callId) };
}

function callQuirks(reference: Quirks | undefined, callId: string): Quirks {
  return {
    ...reference,
    events: (events) =>
      events.flatMap((event): ModelEvent[] => {
        // A call that ends takes its session with it: there is nothing to move to a new connection in time.
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
 * The address of a call: its model is settled already.
 * @throws VoxtermError exit 2 for an id that is none.
 */
export function callAddress(address: string, callId: string): string {
  if (!/^rtc_[A-Za-z0-9_-]{1,128}$/.test(callId)) {
    throw new VoxtermError(`${JSON.stringify(callId.slice(0, 80))} is not the id of a call.`, {
      code: 'call.id',
      exitCode: ExitCode.usage,
      hint: 'It begins with rtc_ and comes with the webhook "realtime.call.incoming", or in the answer to POST /v1/realtime/calls.',
    });
  }
  const url = new URL(address);
  url.searchParams.delete('model');
  url.searchParams.set('call_id', callId);
  return url.href;
}

/** The server hangs up in order when the caller has, or somebody else ends the call. */
export function explainHangup(code: number): CloseMeaning | undefined {
  return code === 1000 ? ended : undefined;
}

/** There is no such call; or no more, when we have been in it before. */
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
    hint: 'It must have been accepted and not be over, by the same project that the key belongs to.',
  };
}

const ended: CloseMeaning = { fatal: true, cause: 'ended', message: 'The call has ended.' };
