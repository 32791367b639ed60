import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { systemVoice } from '../../../src/engines/speak/system-voice.js';
import { chimeVoice } from '../../../src/engines/speak/tones.js';
import { findVoiceProgram } from '../../../src/engines/speak/voice-program.js';
import { options } from './voice-samples.js';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

describe('the program that speaks', () => {
  test('is espeak where that is installed, and a chime where nothing is', async () => {
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
