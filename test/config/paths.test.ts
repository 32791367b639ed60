import { userInfo } from 'node:os';
import { isAbsolute } from 'node:path';
import { describe, expect, it } from 'vitest';
import { homeDirectory } from '../../src/base/home-directory.js';
import { absolutePath, userConfigPath, userStatePath } from '../../src/config/paths.js';

describe('userConfigPath', () => {
  it.each([
    ['linux', { XDG_CONFIG_HOME: '/xdg', HOME: '/home/me' }, '/xdg/voxterm/config.json'],
    ['linux', { XDG_CONFIG_HOME: 'relative', HOME: '/home/me' }, '/home/me/.config/voxterm/config.json'],
    ['darwin', { HOME: '/Users/me' }, '/Users/me/.config/voxterm/config.json'],
    ['linux', { HOME: '', USERPROFILE: '/home/me' }, '/home/me/.config/voxterm/config.json'],
    ['linux', { HOME: 'relative', USERPROFILE: '/home/me' }, '/home/me/.config/voxterm/config.json'],
    [
      'win32',
      { APPDATA: 'relative', USERPROFILE: '/users/me' },
      '/users/me/AppData/Roaming/voxterm/config.json',
    ],
    ['win32', { APPDATA: '/roaming' }, '/roaming/voxterm/config.json'],
    ['win32', { USERPROFILE: '/users/me' }, '/users/me/AppData/Roaming/voxterm/config.json'],
  ] as const)('on %s with %j', (platform, env, path) => {
    expect(userConfigPath(env, platform)?.replaceAll('\\', '/')).toBe(path);
  });
});

describe('userStatePath', () => {
  it.each([
    ['linux', { XDG_STATE_HOME: '/state', HOME: '/home/me' }, '/state/voxterm/x.json'],
    ['linux', { XDG_STATE_HOME: 'relative', HOME: '/home/me' }, '/home/me/.local/state/voxterm/x.json'],
    ['win32', { LOCALAPPDATA: '/local' }, '/local/voxterm/x.json'],
    ['win32', { USERPROFILE: '/users/me' }, '/users/me/AppData/Local/voxterm/x.json'],
  ] as const)('on %s with %j', (platform, env, path) => {
    expect(userStatePath(env, 'x.json', platform)?.replaceAll('\\', '/')).toBe(path);
  });
});

describe('absolutePath', () => {
  it('knows the home directory and leaves other tildes alone', () => {
    const env = { HOME: '/home/me' };
    expect(absolutePath('~/x', '/work', env)).toBe('/home/me/x');
    expect(absolutePath('~', '/work', env)).toBe('/home/me');
    expect(absolutePath('~x', '/home/me', env)).toBe('/home/me/~x');
    expect(absolutePath('../x', '/home/me/a', env)).toBe('/home/me/x');
  });
});

describe('homeDirectory', () => {
  it.each(['', 'relative', '.'])('does not take HOME=%j for a place in the current directory', (home) => {
    const given = process.env.HOME;
    process.env.HOME = home;
    try {
      for (const env of [{ HOME: home }, {}]) {
        expect(homeDirectory(env)).toBe(userInfo().homedir);
        expect(isAbsolute(userConfigPath(env) ?? '')).toBe(true);
        expect(isAbsolute(userStatePath(env, 'mcp-consent.json') ?? '')).toBe(true);
      }
    } finally {
      process.env.HOME = given;
    }
  });
});
