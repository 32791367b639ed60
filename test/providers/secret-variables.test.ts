import { expect, it } from 'vitest';
import { catalog } from '../../src/providers/catalog.js';
import { ownKeyVariables } from '../../src/providers/provider-keys.js';
import { secretVariables } from '../../src/providers/secret-variables.js';

it('the variables with keys are those of every provider', () => {
  for (const { keyVariables } of catalog)
    expect(ownKeyVariables).toEqual(expect.arrayContaining([...keyVariables]));
});

it('engines, headers and providers of a program have variables with keys, too', () => {
  const url = 'http://127.0.0.1:1/v1';
  const options = {
    headers: { 'X-A': '$' + '{MY_KEY} $' + '{OTHER}', 'X-B': 'plain' },
    engines: { think: { url, keyVariable: 'THINK_KEY' }, hear: { url } },
  };
  expect(secretVariables({ keyVariables: ['OWN'] }, options)).toEqual([
    'OWN',
    'THINK_KEY',
    'MY_KEY',
    'OTHER',
  ]);
  expect(secretVariables(undefined)).toEqual([]);
});
