import { describe, expect, it } from 'vitest';
import { adviceOn } from '../../src/cli/advice.js';
import { VoxtermError } from '../../src/contract/failure.js';
import { type Cast, casts } from './dialect-casts.js';
import { Story, type StoryOptions, serveDialect } from './dialect-story.js';
import { connectionOf, saying, serve } from './hostile-server.js';

const everybody = Object.values(casts);
const long = 'And I go on talking about it for quite a while. '.repeat(6);

/** How a session ends that never begins. */
async function failure(
  cast: Cast,
  server: { readonly url: string },
  options?: StoryOptions,
): Promise<VoxtermError> {
  try {
    await Story.begin(cast, server, options);
  } catch (error) {
    if (error instanceof VoxtermError) return error;
    throw error;
  }
  throw new Error('the session began');
}

describe.each(everybody)('$dialect', (cast) => {
  it('says of a frame nobody can read that it was one, and talks on', async () => {
    const faults = { garbage: { afterDeltas: 1 } };
    const server = await serveDialect(cast.dialect, {
      pace: 5,
      turns: [{ heard: 'Hello.', said: 'Hello to you.', faults }],
    });
    const story = await Story.begin(cast, server);
    await story.ask();
    await story.until('the answer', () => story.said.includes('Hello to you.'));
    await story.until('the end of the answer', () => story.session.state === 'listening');
    const { warnings = [] } = cast;
    expect(story.all('warning').map(({ code }) => code)).toEqual([...warnings, 'frame.unreadable']);
    expect(story.warnings.at(-1)).toMatch(/not a JSON object/);
    expect(story.all('error')).toEqual([]);
    expect(story.messages('assistant')).toMatchObject([{ state: 'done', text: 'Hello to you.' }]);
    expect(await story.end()).toMatchObject({ exitCode: 0 });
  });

  it('is told that its key is not accepted', async () => {
    const server = await serveDialect(cast.dialect, { turns: [{ heard: 'Hello.' }] });
    const error = await failure(cast, server, { key: 'wrong-key' });
    expect(error.exitCode).toBe(3);
    expect(error.message).toMatch(/key/i);
    expect(error.hint).toMatch(/\S/);
    expect(`${error.message} ${error.hint}`).not.toContain('wrong-key');
  });

  it('loses a server that breaks off before it is ready', async () => {
    const server = await serve(saying(({ socket }) => connectionOf(socket).destroy()));
    const error = await failure(cast, server);
    expect(error.exitCode).toBe(6);
    expect(error.message).toBe('The connection to the server was lost.');
    expect(error.hint).toMatch(/\S/);
  });
});

/** All at once: each of them waits for twenty seconds. */
it('a server that never answers is left', { timeout: 40_000 }, async () => {
  const server = await serve(saying(() => {}));
  const errors = await Promise.all(everybody.map((cast) => failure(cast, server)));
  for (const error of errors) {
    expect(error.exitCode).toBe(6);
    expect(error.message).toMatch(/never became ready/);
    expect(error.hint).toMatch(/URL/);
  }
});

describe('a model that does not exist', () => {
  it.each([
    [{ ...casts.gemini, model: 'gemini-0-live' }, /does not offer this model.*gemini-0-live/],
    [{ ...casts.azure, model: 'no-deployment' }, /\(HTTP 404\)/],
  ])('$dialect', async (cast, words) => {
    const server = await serveDialect(cast.dialect, { turns: [{ heard: 'Hello.', said: long }] });
    const error = await failure(cast, server);
    expect(error.exitCode).toBe(5);
    expect(error.message).toMatch(words);
    expect(error.hint).toMatch(/Live model|deployment/);
    expect(adviceOn(error)).toMatch(/--model/);
  });
});
