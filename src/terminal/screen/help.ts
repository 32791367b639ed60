import { truncate } from '../text/wrap.js';

interface Abilities {
  readonly manualTurns: boolean;
  readonly typedText: boolean;
  readonly images: boolean;
}

/** The keys, one row each. */
export function helpRows({ manualTurns, typedText, images }: Abilities, columns: number): string[] {
  const keys: [string, string][] = [
    ...(manualTurns ? ([['space, t', 'talk: tap to start, tap to send']] as [string, string][]) : []),
    ['m', 'mute or unmute the microphone'],
    ['i, Esc', 'interrupt the answer'],
    ...(typedText ? typing(images) : []),
    ['Ctrl+Z', 'suspend; "fg" resumes'],
    ['q, Ctrl+C', 'leave; Ctrl+C again leaves at once'],
    ['?', 'close this help'],
  ];
  return keys.map(([key, meaning]) => truncate(`${key.padEnd(9)} ${meaning}`, columns));
}

function typing(images: boolean): [string, string][] {
  return [
    ['Enter', 'type a message; Esc closes the line'],
    ...(images ? ([['/image', 'typed, with a path: show a picture']] as [string, string][]) : []),
    ['/save', 'typed, with a path: save the conversation (.md, .json)'],
    ['Up, Down', 'earlier messages while typing'],
  ];
}
