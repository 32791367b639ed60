import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { giveConsent, hasConsent, projectMcpFile } from '../../../src/config/mcp/mcp-consent.js';
import { directoryWith } from '../files.js';

async function project(directory: string) {
  const file = await projectMcpFile(directory);
  if (file === undefined) throw new Error('there is no project file');
  return file;
}

describe('servers that come with a project', () => {
  it('are found in the directory itself only', async () => {
    const directory = directoryWith({ '.mcp.json': '{}', 'inner/a': '' });
    expect((await projectMcpFile(directory))?.text).toBe('{}');
    expect(await projectMcpFile(join(directory, 'inner'))).toBeUndefined();
  });

  it('need consent, which holds until the content changes', async () => {
    const directory = directoryWith({ '.mcp.json': '{"a": {"command": "x"}}' });
    const env = { XDG_STATE_HOME: directoryWith() };
    const file = await project(directory);
    expect(hasConsent(file, env)).toBe(false);
    giveConsent(file, env);
    expect(hasConsent(await project(directory), env)).toBe(true);
    writeFileSync(join(directory, '.mcp.json'), '{"a": {"command": "y"}}');
    expect(hasConsent(await project(directory), env)).toBe(false);
    // What was agreed to is what was read, even when the file is another by now.
    expect(hasConsent(file, env)).toBe(true);
  });

  it('need consent in each place, by whatever way one comes there', async () => {
    const here = directoryWith({ '.mcp.json': '{}' });
    const there = directoryWith({ '.mcp.json': '{}' });
    const env = { XDG_STATE_HOME: directoryWith() };
    giveConsent(await project(here), env);
    expect(hasConsent(await project(there), env)).toBe(false);
    const link = join(directoryWith(), 'link');
    symlinkSync(here, link);
    expect(hasConsent(await project(link), env)).toBe(true);
  });

  it('keeps consents from other eyes, and takes a broken memory for none', async () => {
    const state = directoryWith();
    const env = { XDG_STATE_HOME: state };
    const file = await project(directoryWith({ '.mcp.json': '{}' }));
    giveConsent(file, env);
    const memory = join(state, 'voxterm', 'mcp-consent.json');
    expect(statSync(memory).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(memory, 'utf8'))).toEqual({ [file.path]: file.sha256 });
    writeFileSync(memory, '{"broken":');
    expect(hasConsent(file, env)).toBe(false);
    giveConsent(file, env);
    expect(hasConsent(file, env)).toBe(true);
  });

  it('says where the consent could not be kept', async () => {
    const state = directoryWith({ voxterm: 'a file in the way' });
    const file = await project(directoryWith({ '.mcp.json': '{}' }));
    expect(() => giveConsent(file, { XDG_STATE_HOME: state })).toThrow(/cannot be kept in/);
  });
});
