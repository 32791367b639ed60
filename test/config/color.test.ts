import { describe, expect, it } from 'vitest';
import { colorAllowed } from '../../src/config/color.js';

const terminal = { isTTY: true };
const pipe = {};

describe('colorAllowed', () => {
  it.each([
    ['a terminal', terminal, { TERM: 'xterm' }, undefined, true],
    ['a pipe', pipe, { TERM: 'xterm' }, undefined, false],
    ['--no-color', terminal, { FORCE_COLOR: '1' }, false, false],
    ['NO_COLOR', terminal, { NO_COLOR: '1' }, true, false],
    ['an empty NO_COLOR', terminal, { NO_COLOR: '' }, true, true],
    ['NO_COLOR and FORCE_COLOR', terminal, { NO_COLOR: '1', FORCE_COLOR: '1' }, undefined, false],
    ['FORCE_COLOR into a pipe', pipe, { FORCE_COLOR: '1' }, undefined, true],
    ['an empty FORCE_COLOR into a pipe', pipe, { FORCE_COLOR: '' }, undefined, true],
    ['FORCE_COLOR=0', terminal, { FORCE_COLOR: '0' }, undefined, false],
    ['TERM=dumb', terminal, { TERM: 'dumb' }, undefined, false],
  ])('%s', (_what, stream, env, flag, allowed) => {
    expect(colorAllowed(stream, env, flag)).toBe(allowed);
  });
});
