import { advised } from '../../cli/advice.js';
import type { Settings } from '../../config/settings.js';
import type { Profile } from '../../contract/profile.js';
import { createRecorder, type RecordingInfo } from '../../recording/recorder.js';
import type { VoiceSession } from '../../session/voice-session.js';
import { version } from '../version.js';

/** A recording that has not yet been given its session. */
export interface Recording {
  /** Where it is saved. */
  readonly path: string;
  /** Records both sides and all events from now on. */
  follow(session: VoiceSession): void;
  /** Completes all files. Synchronous, so that every exit can call it; may be called twice. */
  close(): void;
}

/**
 * Starts what `--record` asks for, before anything is connected or paid for; undefined without that flag.
 * @throws VoxtermError exit 2 when the directory cannot be written.
 */
export function startRecording(
  settings: Settings,
  { provider, model, inputRateHz, outputRateHz }: Profile,
  onWarning: RecordingInfo['onWarning'],
): Recording | undefined {
  if (settings.record === undefined) return undefined;
  const startedAt = new Date();
  const info = { provider, model, version: version(), startedAt, inputRateHz, outputRateHz, onWarning };
  const recorder = createRecorder(settings.record, info);
  return {
    path: recorder.path,
    follow: (session) => {
      const startedAtMs = performance.now();
      session.subscribe((event) => recorder.onEvent(advised(event)));
      session.onAudio = (side, pcm, part) => {
        if (side === 'user') recorder.userAudio(pcm, performance.now() - startedAtMs);
        else if (part !== undefined) recorder.assistantAudio(pcm, part);
      };
    },
    close: () => recorder.close(),
  };
}
