import type { SessionSettings } from '../../contract/settings.js';
import type { Note } from '../provider.js';
import { unsupportedTranscription } from '../unsupported-transcription.js';
import { clamp, knownEffort, longestSilenceMs, speeds, thresholds } from './session.js';

/** Settings that will not work as asked and that the profile alone does not reveal. */
export function notes(settings: SessionSettings): readonly Note[] {
  const { turnDetection, reasoningEffort, speed, transcription } = settings;
  const found: string[] = [];
  if (turnDetection?.type === 'semantic') {
    found.push('xAI has no semantic turn detection; it ends turns by silence.');
  }
  if (turnDetection?.type === 'server') {
    const { threshold, silenceMs } = turnDetection;
    if (threshold !== undefined && clamp(threshold, thresholds) !== threshold) {
      const { least, most } = thresholds;
      found.push(
        `xAI supports a threshold of ${least} to ${most}; ${clamp(threshold, thresholds)} is used instead of ${threshold}.`,
      );
    }
    if (silenceMs !== undefined && silenceMs > longestSilenceMs) {
      found.push(
        `xAI supports at most ${longestSilenceMs} ms of silence as the end of a turn; that is used.`,
      );
    }
  }
  if (reasoningEffort !== undefined && knownEffort(reasoningEffort) !== reasoningEffort) {
    found.push(
      `xAI supports the reasoning efforts "none" and "high"; "${knownEffort(reasoningEffort)}" is used instead of "${reasoningEffort}".`,
    );
  }
  if (speed !== undefined && clamp(speed, speeds) !== speed) {
    found.push(
      `xAI supports a speed of ${speeds.least} to ${speeds.most}; ${clamp(speed, speeds)} is used instead of ${speed}.`,
    );
  }
  const unsupported = unsupportedTranscription(transcription, ['language', 'keywords']);
  if (unsupported.length > 0) {
    found.push(
      `xAI's transcription supports only "language" and "keywords"; these have no effect: ${unsupported.join(', ')}.`,
    );
  }
  return found.map((message) => ({ code: 'setting.ignored', message }));
}
