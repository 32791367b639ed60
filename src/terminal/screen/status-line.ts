import type { SessionState } from '../../session/voice-session.js';
import { oneLine } from '../text/clean-text.js';
import type { Styles } from '../text/color.js';
import { shortName } from '../text/short-name.js';
import { truncate, widthOf } from '../text/wrap.js';
import { seconds } from '../transcript/line-text.js';
import { meterBar } from './meter.js';

/** Everything that the two rows at the bottom show. */
export interface Status {
  /** `talking`: tap-to-talk is on; `leaving`: closing gracefully. */
  readonly state: SessionState | 'talking' | 'leaving' | 'no microphone';
  /** Levels from 0 to 1; null = no such device. */
  readonly input: number | null;
  readonly output: number | null;
  /** From the end of the user's last turn to the first sound of the answer; null = not measured yet. */
  readonly latencyMs: number | null;
  readonly tokens: number;
  /** The cost so far, with its currency; undefined where no prices are known. */
  readonly cost: string | undefined;
  /** The current agent, where there are several. */
  readonly agent: string | undefined;
  readonly provider: string;
  readonly model: string;
  readonly manualTurns: boolean;
  /** The model takes typed messages. */
  readonly typedText: boolean;
  readonly typing: boolean;
  /** Shown instead of the key hints. */
  readonly notice: string | undefined;
}

/** Longer than this feels like waiting. */
const slowMs = 1000;

/** A piece of a row. When there are too few columns, the highest `rank` is left out first. */
interface Piece {
  readonly text: string;
  readonly rank: number;
  readonly style?: (text: string) => string;
}

/** State and measurements, then key hints; each one row that fits into `columns`. */
export function statusRows(status: Status, columns: number, style: Styles): [string, string] {
  const hints =
    status.notice === undefined
      ? joinFitting(hintPieces(status, style), columns, ' · ')
      : style.yellow(truncate(oneLine(status.notice), columns));
  return [joinFitting(statePieces(status, columns, style), columns, '  '), hints];
}

function statePieces(status: Status, columns: number, style: Styles): Piece[] {
  const { state, input, output, latencyMs, tokens, cost, agent } = status;
  const cells = columns < 60 ? 4 : 8;
  const pieces: Piece[] = [{ text: `● ${state}`, rank: 0, style: stateStyle(state, style) }];
  if (agent !== undefined) pieces.push({ text: shortName(agent), rank: 2, style: style.cyan });
  if (input !== null) pieces.push({ text: `mic ${meterBar(input, cells)}`, rank: 1 });
  if (output !== null) pieces.push({ text: `out ${meterBar(output, cells)}`, rank: 3 });
  if (latencyMs !== null) {
    const color = latencyMs >= slowMs ? style.red : style.green;
    pieces.push({ text: seconds(latencyMs), rank: 2, style: color });
  }
  if (tokens > 0) pieces.push({ text: `${compact(tokens)} tokens`, rank: 5, style: style.dim });
  if (cost !== undefined) pieces.push({ text: oneLine(cost), rank: 4, style: style.dim });
  pieces.push({
    text: `${shortName(status.provider)} · ${shortName(status.model)}`,
    rank: 6,
    style: style.dim,
  });
  return pieces;
}

function hintPieces({ typing, manualTurns, typedText }: Status, style: Styles): Piece[] {
  const hint = (text: string, rank: number): Piece => ({ text, rank, style: style.dim });
  if (typing)
    return [hint('Enter send', 0), hint('Esc close', 1), hint('↑ earlier', 3), hint('Ctrl+C quit', 2)];
  return [
    ...(manualTurns ? [hint('space talk', 0)] : []),
    hint('m mute', 3),
    hint('i interrupt', 4),
    ...(typedText ? [hint('Enter type', 5)] : []),
    hint('? help', 1),
    hint('q quit', 2),
  ];
}

function stateStyle(state: Status['state'], style: Styles): (text: string) => string {
  switch (state) {
    case 'listening':
    case 'hearing':
    case 'talking':
      return style.green;
    case 'speaking':
      return style.cyan;
    case 'muted':
    case 'no microphone':
    case 'reconnecting':
      return style.yellow;
    case 'connecting':
    case 'thinking':
    case 'ended':
    case 'leaving':
      return style.dim;
  }
}

function joinFitting(pieces: readonly Piece[], columns: number, separator: string): string {
  let kept = pieces;
  while (kept.length > 1 && widthOf(kept.map(({ text }) => text).join(separator)) > columns) {
    const last = Math.max(...kept.map(({ rank }) => rank));
    kept = kept.filter(({ rank }) => rank !== last);
  }
  return kept
    .map(({ text, style }) => {
      const short = kept.length === 1 ? truncate(text, columns) : text;
      return style === undefined ? short : style(short);
    })
    .join(separator);
}

/** 950, 1.2k, 34k. */
function compact(count: number): string {
  if (count < 1000) return String(count);
  return `${(count / 1000).toFixed(count < 9950 ? 1 : 0)}k`;
}
