import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VoxtermError } from '../../../src/contract/failure.js';
import { sendTyped } from '../../../src/terminal/input/typed-message.js';
import { fullProfile } from '../../conversation/support/profiles.js';
import { FakeSession } from '../fake-session.js';

const picture = fileURLToPath(new URL('../../fixtures/images/pattern.png', import.meta.url));

class SeeingSession extends FakeSession {
  override readonly profile = fullProfile;
}

async function typed(line: string, session: FakeSession = new SeeingSession()) {
  const notes: string[] = [];
  const saved: string[] = [];
  const host = {
    env: {},
    adviceOn: ({ hint }: VoxtermError) => hint,
    note: (_level: string, text: string, hint?: string) => void notes.push(`${text} ${hint ?? ''}`.trim()),
    save: (path: string) => {
      if (path.startsWith('/nowhere'))
        throw new VoxtermError('It cannot be saved.', { code: 'x', exitCode: 2, hint: 'Check.' });
      saved.push(path);
    },
  };
  const answers = await sendTyped(line, session, host);
  return { calls: session.calls, notes, answers, ...(saved.length > 0 && { saved }) };
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'voxterm-typed-'));
  copyFileSync(picture, join(folder, 'my cat.png'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('/save', () => {
  it('saves the conversation and says where', async () => {
    const { saved, notes, calls, answers } = await typed('/save "/tmp/my talk.md"');
    expect([saved, notes]).toEqual([['/tmp/my talk.md'], ['conversation saved in /tmp/my talk.md']]);
    expect([calls, answers]).toEqual([[], false]);
  });

  it.each(['/tmp/my talk.md', '/tmp/my\\ talk.md'])(
    'takes a name with spaces as it is typed: %s',
    async (path) => {
      expect((await typed(`/save ${path}`)).saved).toEqual(['/tmp/my talk.md']);
    },
  );

  it('needs a file, and explains what is wrong with it', async () => {
    expect((await typed('/save')).notes[0]).toContain('Save to which file?');
    expect((await typed('/save /nowhere/a')).notes).toEqual(['It cannot be saved. Check.']);
    expect((await typed('/saved by the bell')).calls).toEqual(['sendText /saved by the bell']);
  });
});

describe('sendTyped', () => {
  it('sends words', async () => {
    expect(await typed('hello')).toEqual({ calls: ['sendText hello'], notes: [], answers: true });
  });

  it('treats a path at the beginning of a message as words', async () => {
    expect((await typed('/usr/bin is full, /image')).calls).toEqual(['sendText /usr/bin is full, /image']);
    expect((await typed('/imagery')).calls).toEqual(['sendText /imagery']);
  });

  it('sends a picture and expects no answer yet', async () => {
    const { calls, notes, answers } = await typed(`/image ${picture}`);
    expect(calls).toEqual([expect.stringMatching(/^sendImage image\/png \d+$/)]);
    expect(notes).toEqual([expect.stringMatching(/^picture sent \(PNG, 64 × 48, \d+ kB\)$/)]);
    expect(answers).toBe(false);
  });

  it.each([
    ['double quotes', () => `"${join(folder, 'my cat.png')}"`],
    ['single quotes', () => `'${join(folder, 'my cat.png')}'`],
    ['a backslash', () => join(folder, 'my\\ cat.png')],
  ])('accepts a path with spaces by %s, and words after it', async (_how, path) => {
    const { calls, answers } = await typed(`/image ${path()} What is it?`);
    expect(calls).toEqual([expect.stringMatching(/^sendImage/), 'sendText What is it?']);
    expect(answers).toBe(true);
  });

  it('does not send the words when the picture cannot be sent', async () => {
    const { calls, notes, answers } = await typed('/image ./none.png What is it?');
    expect(calls).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(/There is no file .*none\.png.*Check the path/)]);
    expect(answers).toBe(false);
  });

  it('explains that a model takes no pictures, and that the path is missing', async () => {
    expect((await typed(`/image ${picture}`, new FakeSession())).notes).toEqual([
      expect.stringContaining('parrot-1 does not take images.'),
    ]);
    expect((await typed('/image')).notes).toEqual([expect.stringContaining('/image PATH')]);
  });
});
