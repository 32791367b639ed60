import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ByteReader } from '../../audio/files/byte-reader.js';
import { readWav } from '../../audio/files/wav/wav-reader.js';
import { pcm24k } from '../core/audio-format.js';
import { atRate, toPcm16 } from '../core/sample-rate.js';
import type { SpeakOptions, Voice } from '../core/stages.js';
import { chimeVoice } from './tones.js';
import { findVoiceProgram, type VoiceProgram } from './voice-program.js';

/** A sentence takes a fraction of a second; a program that hangs must not hang the conversation. */
const timeoutMs = 20_000;

/** The voice of this system, or chimes where it has none. */
export async function systemVoice(
  platform: NodeJS.Platform = process.platform,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Voice> {
  const program = await findVoiceProgram(platform, env);
  return program === undefined ? chimeVoice : programVoice(program);
}

/** Speaks through a child process per sentence. When it fails, chimes mark the sentence and the words come as text. */
export function programVoice(program: VoiceProgram): Voice {
  return {
    async *speak(sentence, options) {
      if (!/[\p{L}\p{N}]/u.test(sentence)) return; // nothing to pronounce
      let spoken = false;
      try {
        for await (const samples of pronounce(program, sentence, options)) {
          spoken = true;
          yield samples;
        }
      } catch {
        // The words are on the screen; a second voice in the middle of a sentence would only confuse.
        if (!spoken && !options.signal.aborted) yield* chimeVoice.speak(sentence, options);
      }
    },
  };
}

async function* pronounce(
  program: VoiceProgram,
  sentence: string,
  options: SpeakOptions,
): AsyncGenerator<Int16Array, void> {
  const folder = program.writes === 'file' ? await mkdtemp(join(tmpdir(), 'voxterm-voice-')) : undefined;
  const file = folder === undefined ? '' : join(folder, 'sentence.wav');
  const child = spawn(program.command, program.args(options, file), {
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
    timeout: timeoutMs,
  });
  const kill = (): void => void child.kill('SIGKILL');
  options.signal.addEventListener('abort', kill);
  try {
    const ended = once(child, 'close');
    ended.catch(() => {}); // a missing program ends the stream below
    child.stdin.on('error', () => {}); // it may leave before it has read everything
    child.stdin.end(sentence);
    if (folder === undefined) yield* samplesOf(child.stdout, program.command);
    else {
      await succeeded(child, ended);
      yield* samplesOf(createReadStream(file), program.command);
    }
  } finally {
    options.signal.removeEventListener('abort', kill);
    kill();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

async function succeeded(child: ChildProcess, ended: Promise<unknown[]>): Promise<void> {
  await ended;
  if (child.exitCode !== 0) throw new Error(`${child.spawnfile} ended with code ${String(child.exitCode)}`);
}

async function* samplesOf(bytes: Readable, name: string): AsyncGenerator<Int16Array, void> {
  const wav = await readWav(new ByteReader(bytes), { name });
  const { rateHz } = wav.header;
  yield* atRate(pcm16(wav.samples), rateHz, pcm24k.rate);
}

async function* pcm16(samples: AsyncIterable<Float32Array>): AsyncGenerator<Int16Array, void> {
  for await (const chunk of samples) yield toPcm16(chunk);
}
