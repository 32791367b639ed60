import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

/** Longer reports repeat the same line. */
const mostBytes = 65_536;

/**
 * What ffmpeg prints with `-loglevel level+info`: `[mov,mp4 @ 0x55] [error] moov atom not found`, and a description of
 * its input. Nothing of it reaches the terminal on its own.
 */
export class FfmpegReport {
  private text = '';

  constructor(stderr: Readable) {
    stderr.on('data', (chunk: Buffer) => {
      if (this.text.length < mostBytes) this.text += chunk.toString();
    });
  }

  /** The first error in plain words; undefined if there was none. `source` is left out of it. */
  firstError(source: string): string | undefined {
    const lines = this.text.split('\n').map(parsed);
    const levelled = lines.some(({ level }) => level !== undefined);
    for (const { level, words } of lines) {
      // Lines without a level continue the one before them.
      if (level === undefined ? levelled : !['error', 'fatal', 'panic'].includes(level)) continue;
      const plain = stripVTControlCharacters(words)
        .replaceAll(/\p{Cc}/gu, ' ')
        .replace(`${source}: `, '')
        .replace(/^Error while decoding stream #\d+:\d+: /, '')
        .trim()
        .replace(/[.!]+$/, '');
      if (plain === '') continue;
      return /matches no streams/.test(plain) ? 'there is no sound in it, only other streams' : plain;
    }
    return undefined;
  }

  /** Whether packets were cut off, which is no error for ffmpeg. */
  get corrupt(): boolean {
    return /\[warning\] .*corrupt input packet/.test(this.text);
  }

  /** Whether the decoder left something out; other errors concern what is beside the sound. */
  get lostFrames(): boolean {
    return this.corrupt || /\[error\] (Error while decoding|Error submitting|CRC error)/.test(this.text);
  }

  /** Whether ffmpeg only guessed the format from a few bytes. */
  get guessed(): boolean {
    return /misdetection possible/.test(this.text);
  }

  /**
   * The length in the recording's header; undefined where ffmpeg estimated it, and where it may be another stream's.
   */
  get claimedMs(): number | undefined {
    if (/Estimating duration from bitrate/.test(this.text)) return undefined;
    const [input = ''] = this.text.split(/^\[info\] Stream mapping:/m);
    const streams = input.match(/^\[info\] {3}Stream #.*: (Audio|Video): (?!.*\(attached pic\))/gm) ?? [];
    if (streams.length > 1) return undefined;
    const [, hours, minutes, seconds] =
      /^\[info\] {3}Duration: (\d{1,6}):(\d\d):(\d\d(?:\.\d+)?)/m.exec(this.text) ?? [];
    if (hours === undefined) return undefined;
    return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  }
}

/** `[mov,mp4 @ 0x55] [error] moov atom not found` */
function parsed(line: string): { readonly level: string | undefined; readonly words: string } {
  const [, level, words = ''] = /^(?:\[[^\]]* @ [^\]]*\] )?(?:\[(\w+)\] )?(.*)$/.exec(line) ?? [];
  return { level, words };
}
