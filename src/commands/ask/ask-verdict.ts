import { quoted } from '../../audio/files/audio-failure.js';
import { type Ending, ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { SessionTotals } from '../../session/events/session-totals.js';

const nothingHeard: Ending = {
  exitCode: ExitCode.usage,
  reason: 'no.speech',
  message: 'No words were understood.',
  hint: 'Check that the recording is loud enough and holds a voice, and that the engine knows its language.',
};

/** The verdict on a finished conversation: was everything answered, and as expected? */
export function judge(totals: SessionTotals, unmet: readonly string[]): Ending {
  if (totals.answers === 0 && totals.nothingHeard) return nothingHeard;
  if (totals.answers === 0 || totals.lastAnswerFailed) {
    const { lastAnswerStalled, lastStop } = totals;
    const stopped = lastStop === undefined ? undefined : `The server stopped its answer (${lastStop}).`;
    const missing = lastAnswerStalled
      ? 'The answer did not come to its end.'
      : (stopped ?? 'There was no answer.');
    return { exitCode: ExitCode.refused, reason: 'response.failed', message: totals.lastError ?? missing };
  }
  if (unmet.length === 0) return { exitCode: ExitCode.ok, reason: 'done' };
  return { exitCode: ExitCode.expectation, reason: 'expectation', message: unmet.join('\n') };
}

export function timedOut(seconds: number): Ending {
  return {
    exitCode: ExitCode.limit,
    reason: 'timeout',
    message: `Not finished within ${seconds} s (--timeout).`,
    hint: 'Allow more time, or leave out --timeout.',
  };
}

/** `speechFound`: our own detector, which is sensitive, found speech. */
export function noSpeech(name: string, speechFound: boolean): Ending {
  return {
    exitCode: ExitCode.usage,
    reason: 'no.speech',
    message: speechFound
      ? `The provider noticed no speech in ${quoted(name)}.`
      : `There is no speech in ${quoted(name)}.`,
    hint: 'Check that the recording is loud enough and holds a voice.',
  };
}

/** Checked before connecting, so before anything is paid for. */
export function takesNoText(model: string): VoxtermError {
  return new VoxtermError(`${model} does not take typed messages.`, {
    code: 'text.unsupported',
    exitCode: ExitCode.configuration,
    hint: 'Ask with a recording ("voxterm ask question.wav"), or choose another model or provider.',
  });
}

/** The reply can no longer be written. */
export function unwritten(error: unknown): Ending {
  const known = error instanceof VoxtermError;
  return {
    exitCode: known ? error.exitCode : ExitCode.usage,
    reason: known ? error.code : 'output.failed',
    message: error instanceof Error ? error.message : String(error),
    hint: known ? error.hint : undefined,
    facts: known ? error.facts : undefined,
  };
}
