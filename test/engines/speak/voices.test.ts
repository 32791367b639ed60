import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { SpeakOptions, Voice } from '../../../src/engines/core/stages.js';
import { programVoice, systemVoice } from '../../../src/engines/speak/system-voice.js';
import { chimeVoice, toneVoice } from '../../../src/engines/speak/tones.js';
import { findVoiceProgram, type VoiceProgram } from '../../../src/engines/speak/voice-program.js';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

function options(more: Partial<SpeakOptions> = {}): SpeakOptions {
  const signal = new AbortController().signal;
  return { voice: 'marin', speed: 1, language: undefined, toneHz: undefined, signal, ...more };
}

async function spoken(voice: Voice, text: string, more: Partial<SpeakOptions> = {}): Promise<Int16Array> {
  const samples: number[] = [];
  for await (const piece of voice.speak(text, options(more))) samples.push(...piece);
  return Int16Array.from(samples);
}

function rms(samples: Int16Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

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

  test('falls silent at once and ends the program when it is aborted', async () => {
    const stop = new AbortController();
    const endless = scripted(`${wavSource} process.stdout.write(wav); setInterval(() => {}, 1000)`);
    let pieces = 0;
    for await (const _ of programVoice(endless).speak('Hello.', options({ signal: stop.signal }))) {
      pieces += 1;
      stop.abort();
    }
    expect(pieces).toBeGreaterThan(0); // and the loop ended, although the program never does by itself
  });

  test('is espeak where that is installed, and chimes where nothing is', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'voxterm-test-'));
    cleanUps.push(() => rm(folder, { recursive: true }));
    expect(await systemVoice('linux', { PATH: folder })).toBe(chimeVoice);
    await writeFile(join(folder, 'espeak'), '#!/bin/sh\n');
    expect(await findVoiceProgram('linux', { PATH: folder })).toBeUndefined();
    await chmod(join(folder, 'espeak'), 0o755);
    expect((await findVoiceProgram('linux', { PATH: `:/nowhere:${folder}` }))?.command).toBe('espeak');
    await writeFile(join(folder, 'say'), '', { mode: 0o755 });
    expect((await findVoiceProgram('darwin', { PATH: folder }))?.command).toBe('say');
    expect((await findVoiceProgram('win32', {}))?.command).toBe('powershell.exe');
  });

  test.each([
    ['de', 'de+f3'],
    ['pt-BR', 'pt-br+f3'],
    [undefined, 'en+f3'],
    ['--stdout', 'en+f3'],
    ['../../etc', 'en+f3'],
  ])('language %s selects the voice %s', async (language, voice) => {
    const folder = await mkdtemp(join(tmpdir(), 'voxterm-test-'));
    cleanUps.push(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'espeak-ng'), '', { mode: 0o755 });
    const program = await findVoiceProgram('linux', { PATH: folder });
    const args = program?.args(options({ language, speed: 1.5 }), '') ?? [];
    expect(args[args.indexOf('-v') + 1]).toBe(voice);
    expect(args[args.indexOf('-s') + 1]).toBe('255');
  });
});

describe('tones', () => {
  test('last as long as the words would take, shorter at higher speed', async () => {
    expect(await spoken(toneVoice, 'x'.repeat(100))).toHaveLength(24_000 * 6.5);
    expect(await spoken(toneVoice, 'x'.repeat(100), { speed: 1.25 })).toHaveLength(24_000 * 5.2);
    expect(await spoken(toneVoice, 'x')).toHaveLength(24_000 * 0.2);
  });

  test('begin and end without a click', async () => {
    for (const samples of [await spoken(toneVoice, 'Hello.'), await spoken(chimeVoice, 'Hello.')]) {
      expect(Math.abs(samples[0] ?? 1)).toBe(0);
      expect(Math.abs(samples.at(-1) ?? 9999)).toBeLessThan(50);
      expect(rms(samples)).toBeGreaterThan(500);
    }
  });

  test('rise for a question', async () => {
    expect(await spoken(chimeVoice, 'Hello?')).not.toEqual(await spoken(chimeVoice, 'Hello.'));
  });

  test('stop when aborted', async () => {
    expect(await spoken(toneVoice, 'Hello.', { signal: AbortSignal.abort() })).toHaveLength(0);
  });
});
