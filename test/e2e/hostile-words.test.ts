import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AskHome } from './ask-driver.js';
import { acted, asking, evil, key, talk } from './hostile-runs.js';
import { behaving, call, say, serve } from './hostile-server.js';

describe('what a server says', () => {
  const talkative = behaving({
    answer: (mouth, eventId) => {
      const { send, socket } = mouth;
      send({ type: 'error', error: { code: `x${evil}${key}`, message: `Odd: ${evil}${key}` } });
      say(mouth, `Words ${evil}${key}`, { open: true });
      call(mouth, `get${evil}${key}`, { [`a${evil}`]: `${evil}${key}` });
      send({ type: 'error', error: { code: 'y', message: `Refused: ${evil}${key}`, event_id: eventId } });
      socket.send(Buffer.from(`garbage ${evil}${key}`));
      setTimeout(() => socket.close(4321, `bye ${evil}${key}`), 300);
    },
  });
  const files = ['--log-file', 'log', '--record', 'kept', '--transcript', 'words.md'];

  it.each([[['--verbose']], [['--json']], [['--quiet']]])(
    'cannot move the cursor, or bring the key back (%j)',
    async (flags) => {
      const home = new AskHome();
      const server = await serve(talkative);
      const run = await home.run([...asking(server), ...files, ...flags], { env: { OPENAI_API_KEY: key } });
      expect(run.code).toBe(5);
      expect(run.stdout + run.stderr).not.toMatch(acted);
      const written = readdirSync(home.directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
      expect(written.length).toBeGreaterThan(5);
      for (const text of [run.stdout, run.stderr, ...written]) expect(text).not.toContain('sentinel');
      expect(run.stderr).toContain('bye red');
    },
  );

  it('nor in a talk', async () => {
    const run = await talk(await serve(talkative), 'hello\n');
    expect(run.code).toBe(5);
    expect(run.stdout + run.stderr).not.toMatch(acted);
    expect(run.stdout + run.stderr).not.toContain('sentinel');
  });
});
