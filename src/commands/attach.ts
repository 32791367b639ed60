import type { Io, Settings } from '../config/settings.js';
import type { Ending, ExitCode } from '../contract/exit.js';
import type { VoiceSession } from '../session/voice-session.js';
import { connect, openDevices } from './session/open-session.js';
import { talk } from './talk.js';

/**
 * Takes part in a telephone call until it is hung up, or somebody leaves it here. Lines that are typed become messages; the
 * end of standard input ends nothing.
 * @throws VoxtermError exit 2 for an id that is none, 3 for a provider without calls, 5 for a call that nobody knows.
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

/** Leaving ends nothing at the provider, which people may expect who have just pressed Ctrl+C. */
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
