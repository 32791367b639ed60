import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { codeFile, packageFile } from '../../src/base/package-files.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('finds programs below the folder of the running code', () => {
  expect(codeFile('audio/helper/main.js')).toBe(`${root}src/audio/helper/main.js`);
});

it('finds files beside package.json', () => {
  expect(packageFile('config.example.json')).toBe(`${root}config.example.json`);
  expect(existsSync(packageFile('package.json'))).toBe(true);
});
