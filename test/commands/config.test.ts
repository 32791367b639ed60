// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how variables are written in these files.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { initConfig, printConfig, printConfigPath } from '../../src/commands/config.js';
import { resolveSettings } from '../../src/config/load.js';
import { directoryWith, environmentIn } from '../config/files.js';
import { memoryIo } from './session/memory-io.js';

describe('config print', () => {
  it('shows each value with its origin, in columns', async () => {
    const { io, written } = memoryIo(environmentIn(directoryWith(), { VOXTERM_LANGUAGE: 'de' }));
    expect(await printConfig({ voice: 'cedar' }, io)).toBe(0);
    const rows = written.stdout.split('\n').map((line) => line.split(/ {2,}/));
    expect(rows[0]).toEqual(['setting', 'value', 'from']);
    expect(rows).toContainEqual(['voice', '"cedar"', '--voice']);
    expect(rows).toContainEqual(['language', '"de"', 'VOXTERM_LANGUAGE']);
    expect(rows).toContainEqual(['toolTimeoutMs', '10000', 'default']);
  });

  it.each([false, true])('never shows a secret (json: %s)', async (json) => {
    const env = environmentIn(directoryWith(), {
      OPENAI_API_KEY: 'sk-hunter2',
      VOXTERM_URL: 'wss://me:hunter2@example.org/v1?token=hunter2',
    });
    const { io, written } = memoryIo(env);
    await printConfig({ json }, io);
    expect(written.stdout).not.toContain('hunter2');
    expect(written.stdout).toContain('wss://***@example.org/v1?***');
    expect(written.stdout).toMatch(
      json ? /"variable": "OPENAI_API_KEY",\s+"set": true/ : /OPENAI_API_KEY +set/,
    );
  });
});

describe('config print of agents and servers', () => {
  const file = JSON.stringify({
    agents: {
      front: {
        instructions: 'Hi.',
        tools: [{ type: 'command', name: 'x', description: 'y', command: 'z', env: { A: 'hunter2' } }],
      },
    },
    mcpServers: {
      web: {
        url: 'https://me:hunter2@example.org/mcp?key=hunter2',
        headers: { Authorization: 'Bearer ${TOKEN} hunter2' },
      },
      disk: { command: 'x', env: { KEY: 'hunter2' } },
    },
    limits: { turns: 3 },
  });

  it.each([false, true])('shows them without what may be a secret (json: %s)', async (json) => {
    const directory = directoryWith({ 'voxterm/config.json': file });
    const { io, written } = memoryIo(environmentIn(directory, { VOXTERM_MAX_COST: '2' }));
    expect(await printConfig({ json }, io)).toBe(0);
    expect(written.stdout).not.toContain('hunter2');
    // The tools everybody has by default are not theirs.
    expect(written.stdout).not.toContain('get_weather');
    expect(written.stdout).toContain('***${TOKEN}***');
    expect(written.stdout).toContain('https://***@example.org/mcp?***');
    expect(written.stdout).toMatch(
      json ? /"limits.cost": \{\s+"value": 2/ : /limits\.cost +2 +VOXTERM_MAX_COST/,
    );
    expect(written.stdout).toMatch(
      json ? /"agents.front.instructions"/ : /limits\.turns +3 +.*config\.json:1/,
    );
  });
});

describe('config path', () => {
  it('prints the path, and with --json whether the file is there', () => {
    const directory = directoryWith();
    const plain = memoryIo(environmentIn(directory));
    expect(printConfigPath({}, plain.io)).toBe(0);
    expect(plain.written.stdout).toBe(`${join(directory, 'voxterm/config.json')}\n`);
    const json = memoryIo(environmentIn(directory));
    printConfigPath({ json: true, config: '/named.json' }, json.io);
    expect(JSON.parse(json.written.stdout)).toEqual({ path: '/named.json', exists: false });
  });
});

describe('config init', () => {
  it('writes a file that is valid and sets nothing', async () => {
    const env = environmentIn(directoryWith());
    const { io, written } = memoryIo(env);
    const before = await resolveSettings({}, env);
    expect(await initConfig({}, io)).toBe(0);
    expect(readFileSync(written.stdout.trim(), 'utf8')).toContain('// "provider": "local"');
    expect(await resolveSettings({}, env)).toEqual(before);
  });

  it('never overwrites', async () => {
    const directory = directoryWith({ 'voxterm/config.json': '{"speed":1.1}' });
    const failing = initConfig({}, memoryIo(environmentIn(directory)).io);
    await expect(failing).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('is there already'),
    });
    expect(readFileSync(join(directory, 'voxterm/config.json'), 'utf8')).toBe('{"speed":1.1}');
  });

  it('says why it cannot write', async () => {
    const directory = directoryWith();
    writeFileSync(join(directory, 'file'), '');
    mkdirSync(join(directory, 'folder'));
    for (const config of ['file/config.json', 'folder']) {
      const failing = initConfig({ config: join(directory, config) }, memoryIo(environmentIn(directory)).io);
      await expect(failing).rejects.toMatchObject({
        exitCode: 2,
        hint: expect.stringMatching(/--config|remove it/),
      });
    }
  });
});
