import { truncate } from './wrap.js';

/** The keys, one row each. */
export function helpRows(manualTurns: boolean, images: boolean, columns: number): string[] {
  const keys: [string, string][] = [
    ...(manualTurns ? ([['space, t', 'talk: tap to begin, tap to send']] as [string, string][]) : []),
    ['m', 'mute the microphone, or open it'],
    ['i, Esc', 'interrupt the answer'],
    ['Enter', 'type a message; Esc closes the line'],
    ...(images ? ([['/image', 'typed, with a path: show a picture']] as [string, string][]) : []),
    ['Up, Down', 'earlier messages while typing'],
    ['Ctrl+Z', 'suspend; fg comes back'],
    ['q, Ctrl+C', 'leave; Ctrl+C again leaves at once'],
    ['?', 'close this help'],
  ];
  return keys.map(([key, meaning]) => truncate(`${key.padEnd(9)} ${meaning}`, columns));
}
