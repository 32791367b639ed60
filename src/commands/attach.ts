import type { Io, Settings } from '../config/settings.js';
import type { Ending, ExitCode } from '../contract/exit.js';
import type { VoiceSession } from '../session/voice-session.js';
import { connect, openDevices } from './session/open-session.js';
import { talk } from './talk.js';

/**
 * Takes part in a telephone call until it is hung up or the user leaves it. Typed lines become messages; the
 * end of standard input does not end the call.
 * @throws VoxtermError exit 2 for an invalid id, 3 for a provider without calls, 5 for an unknown call.
 */
export async function attach(callId: string, settings: Settings, io: Io): Promise<ExitCode> {
  let session: VoiceSession | undefined;
  const exitCode = await talk(settings, io, {
    connect: async (given, options) => {
      session = await connect(given, { ...options, callId });
      return session;
    },
    openDevices,
    outlivesInput: true,
    exit: (code) => process.exit(code),
  });
  const ending = await session?.ended;
  if (ending !== undefined && !settings.output.quiet) io.stderr.write(farewell(ending));
  return exitCode;
}

/** Says that the call goes on at the provider: after Ctrl+C, users may expect that it has ended. */
function farewell({ reason }: Ending): string {
  switch (reason) {
    case 'call.ended':
      return '';
    case 'link.lost':
      return 'The call may go on without voxterm.\n';
    default:
      return 'The call goes on without voxterm: to end it, hang it up at the provider.\n';
  }
}
