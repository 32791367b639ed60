import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as library from '../../../src/index.js';
import { findProvider } from '../../../src/providers/registry.js';
import { failures } from '../../cli/failures.js';

/** Flags that a program does not have, and the name of another one. */
const foreign = /(^|[^\w-])--\w|voxterm/i;

describe('a program that embeds the library', () => {
  it.each(failures)('is told of no flags: $what', async ({ provoke }) => {
    const { message, hint, facts } = await provoke();
    expect(message).not.toMatch(foreign);
    expect(hint).toMatch(/\S/);
    // Commands of other programs may have flags, and a path any name.
    expect(hint?.replaceAll(/"npm [^"]*"/g, '')).not.toMatch(foreign);
    expect(JSON.stringify(facts ?? {})).not.toMatch(foreign);
  });

  it('is told of none in a session: of settings and limits', async () => {
    const local = await findProvider('local');
    const provider: library.Provider = {
      ...local,
      profile: (...given) => ({ ...local.profile(...given), turns: 'none' }),
    };
    const scenario = join(mkdtempSync(join(tmpdir(), 'any-program-')), 'scenario.json');
    const turns = [{ heard: 'Look.', said: 'Done.' }];
    writeFileSync(scenario, JSON.stringify({ voice: 'tone', pace: 'fast', turns }));
    await using session = await library.connect({
      provider,
      env: {},
      sound: null,
      scenario,
      settings: { turnDetection: { type: 'server' } },
      limits: { maxTurns: 1 },
    });
    await session.sendMessage('Look.');
    const told: string[] = [];
    for await (const event of session) {
      if (event.type === 'warning' || event.type === 'error' || event.type === 'session.ended') {
        told.push(JSON.stringify(event));
      }
    }
    const all = told.join('\n');
    for (const word of ['setting.ignored', 'session.ended']) expect(all).toContain(word);
    expect(all).not.toMatch(foreign);
  });
});
