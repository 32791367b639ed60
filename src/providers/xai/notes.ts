import type { SessionSettings } from '../../contract/settings.js';
import type { Note } from '../provider.js';
import { unsupportedTranscription } from '../unsupported-transcription.js';
import { between, knownEffort, longestSilenceMs, speeds, thresholds } from './session.js';

/** What will not work as asked, beyond what the profile says. */
export function notes(settings: SessionSettings): readonly Note[] {
  const { turnDetection, reasoningEffort, speed, transcription } = settings;
  const found: string[] = [];
  if (turnDetection?.type === 'semantic') {
    found.push('xAI does not follow the meaning of what is said; it ends turns by silence.');
  }
  if (turnDetection?.type === 'server') {
    const { threshold, silenceMs } = turnDetection;
    if (threshold !== undefined && between(threshold, thresholds) !== threshold) {
      const { least, most } = thresholds;
      found.push(
        `xAI takes a threshold of ${least} to ${most}; ${between(threshold, thresholds)} is used instead of ${threshold}.`,
      );
    }
    if (silenceMs !== undefined && silenceMs > longestSilenceMs) {
      found.push(`xAI takes at most ${longestSilenceMs} ms of silence as the end of a turn; that is used.`);
    }
  }
  if (reasoningEffort !== undefined && knownEffort(reasoningEffort) !== reasoningEffort) {
    found.push(
      `xAI thinks before it speaks or it does not: "${knownEffort(reasoningEffort)}" is used instead of "${reasoningEffort}".`,
    );
  }
  if (speed !== undefined && between(speed, speeds) !== speed) {
    found.push(
      `xAI speaks at ${speeds.least} to ${speeds.most} times the usual speed; ${speeds.least} is used.`,
    );
  }
  const hints = unsupportedTranscription(transcription, ['language', 'keywords']);
  if (hints.length > 0) {
    found.push(
      `xAI has one model that writes down what you say; it takes keywords, but no ${hints.join(', no ')}.`,
    );
  }
  return found.map((message) => ({ code: 'setting.ignored', message }));
}
