import { expect, it } from 'vitest';
import { Region } from '../../../src/terminal/screen/region.js';

it('never erases from the first column on: in the corner of tmux that would fill the scrollback', () => {
  const written: string[] = [];
  const region = new Region((text) => written.push(text));
  region.draw([], { rows: ['listening', 'keys'] }, 40);
  region.draw(['said'], { rows: ['speaking', 'keys'] }, 40);
  region.erase();
  const erasures = written.join('').match(/.{0,6}\x1b\[0?J/g) ?? [];
  expect(erasures).toHaveLength(3);
  for (const erasure of erasures) expect(erasure).toMatch(/\x1b\[C\x1b\[J$/);
});
