import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { programVoice } from '../../../src/engines/speak/system-voice.js';
import { chimeVoice } from '../../../src/engines/speak/tones.js';
import type { VoiceProgram } from '../../../src/engines/speak/voice-program.js';
import { options, rms, spoken } from './voice-samples.js';

/** A program of this test's own: a script for node, which gets the text on standard input. */
function scripted(source: string, writes: 'stdout' | 'file' = 'stdout'): VoiceProgram {
  return { command: process.execPath, writes, args: (_, file) => ['-e', source, file] };
}

/** 48 kHz WAV with one second of a square wave, whose size field says nothing, as from a pipe. */
const wavSource = `
  const pcm = Buffer.alloc(96000);
  for (let n = 0; n < 48000; n++) pcm.writeInt16LE(n % 200 < 100 ? 9000 : -9000, n * 2);
  const head = Buffer.from('RIFF....WAVEfmt ....................data....', 'latin1');
  head.writeUInt32LE(0xffffffff, 4); head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20); head.writeUInt16LE(1, 22); head.writeUInt32LE(48000, 24);
  head.writeUInt32LE(96000, 28); head.writeUInt16LE(2, 32); head.writeUInt16LE(16, 34);
  head.writeUInt32LE(0xffffffff, 40);
  const wav = Buffer.concat([head, pcm]);
`;

describe('the system voice', () => {
  test('speaks through a program, at 24 kHz', async () => {
    const samples = await spoken(programVoice(scripted(`${wavSource} process.stdout.write(wav)`)), 'Hello.');
    expect(samples.length).toBe(24_000);
    expect(rms(samples)).toBeGreaterThan(7000);
  });

  test('hands the text over on standard input, whatever is in it', async () => {
    const text = '"; rm -rf $HOME `id` --help \u{1f600} ü';
    const source = `
      ${wavSource}
      let text = '';
      process.stdin.on('data', (chunk) => (text += chunk)).on('end', () => {
        if (text === ${JSON.stringify(text)}) process.stdout.write(wav);
      });`;
    expect((await spoken(programVoice(scripted(source)), text)).length).toBe(24_000);
  });

  test('reads the file of a program that cannot write to a pipe, and removes it', async () => {
    const voiceFolders = async () =>
      (await readdir(tmpdir())).filter((name) => name.startsWith('voxterm-voice-'));
    const before = await voiceFolders();
    const source = `${wavSource} require('fs').writeFileSync(process.argv[1], wav)`;
    expect((await spoken(programVoice(scripted(source, 'file')), 'Hello.')).length).toBe(24_000);
    expect(await voiceFolders()).toEqual(before);
  });

  test.each([
    ['is missing', { command: '/nowhere/voice', writes: 'stdout', args: () => [] }],
    ['fails', scripted('process.exit(3)')],
    ['fails without a file', scripted('process.exit(3)', 'file')],
    ['writes no sound', scripted('process.stdout.write("hello")')],
  ] satisfies [string, VoiceProgram][])('chimes when the program %s', async (_, program) => {
    const chime = await spoken(chimeVoice, 'Hello.');
    expect(await spoken(programVoice(program), 'Hello.')).toEqual(chime);
  });

  test('does not start a program for what cannot be pronounced', async () => {
    expect(await spoken(programVoice(scripted('process.exit(3)')), ' … ')).toHaveLength(0);
  });

  test('stops at once and ends the program when it is aborted', async () => {
    const stop = new AbortController();
    const endless = scripted(`${wavSource} process.stdout.write(wav); setInterval(() => {}, 1000)`);
    let pieces = 0;
    for await (const _ of programVoice(endless).speak('Hello.', options({ signal: stop.signal }))) {
      pieces += 1;
      stop.abort();
    }
    expect(pieces).toBeGreaterThan(0); // and the loop ended, although the program never does by itself
  });
});
