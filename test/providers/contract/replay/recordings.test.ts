import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findProvider } from '../../../../src/providers/registry.js';
import { loadCassettes } from './cassette.js';
import { evidenceOf } from './evidence.js';
import { plainWords } from './reading.js';
import { ReplayedTalk } from './replayed-talk.js';

const folder = process.env.VOXTERM_REPLAY_DIR ?? fileURLToPath(new URL('scenes', import.meta.url));
const cassettes = loadCassettes(folder);

/** Frames of a server that contain nothing of use. */
const withoutMeaning: ReadonlySet<string> = new Set(['conversation.created']);

it('finds recordings', () => {
  expect(cassettes.map(({ name }) => name)).not.toEqual([]);
});

describe.each(cassettes)('$name', (cassette) => {
  const evidence = evidenceOf(cassette);
  const played = findProvider(cassette.provider).then((provider) =>
    new ReplayedTalk(provider, cassette).play(),
  );

  it('is understood', async () => {
    const { understood } = await played;
    expect(understood.filter((event) => event.type === 'error')).toEqual([]);
    const strangers = understood.flatMap((event) => (event.type === 'other' ? [event.name] : []));
    expect(strangers.filter((name) => !withoutMeaning.has(name))).toEqual([]);
  });

  it('reports what was heard and said', async () => {
    const talk = await played;
    const heard = new Map(
      talk.get('user.transcript.done').flatMap(({ itemId, text, typed }) => (typed ? [] : [[itemId, text]])),
    );
    expect(plainWords([...heard.values()].join(''))).toBe(evidence.heard);
    const said = talk.understood.flatMap((event) => (event.type === 'text.done' ? [event.text] : []));
    expect(plainWords(said.join(''))).toBe(evidence.said);
  });

  it('runs the calls and answers each of them once', async () => {
    const talk = await played;
    expect(talk.get('tool.started').map((call) => ({ name: call.name, arguments: call.arguments }))).toEqual(
      evidence.calls,
    );
    const started = talk.get('tool.started').map(({ callId }) => callId);
    const ended = [...talk.get('tool.finished'), ...talk.get('tool.cancelled')].map(({ callId }) => callId);
    expect(ended.sort()).toEqual(started.sort());
  });

  it('closes every answer and counts its tokens', async () => {
    const talk = await played;
    const done = talk.get('response.done');
    expect(done.map(({ status }) => status)).toEqual(evidence.statuses);
    const opened = talk.get('response.started').map(({ responseId }) => responseId);
    expect(done.map(({ responseId }) => responseId)).toEqual(opened);
    expect(talk.conversation.usage.total).toBe(evidence.tokens);
  });

  it('asks for no answer that the recorded client did not ask for', async () => {
    const { sent } = await played;
    expect(sent.filter(({ type }) => type === 'response.create')).toHaveLength(evidence.creates);
  });

  it('ends without an error', async () => {
    const talk = await played;
    expect(talk.conversation.state).toBe('listening');
    expect(talk.get('warning').map(({ code }) => code)).toEqual(evidence.warnings);
    expect(talk.get('error')).toEqual([]);
    const pending = talk.conversation.history.filter(
      ({ state }) => state === 'pending' || state === 'running',
    );
    expect(pending).toEqual([]);
  });
});
