import { expect, test } from 'vitest';
import { TurnLatency } from '../../../src/conversation/speech/latency.js';
import { ScriptedTalk } from '../support/scripted-talk.js';

test('from the end of the turn to the first sound received, and heard', () => {
  const latency = new TurnLatency();
  latency.turnEnded(1000);
  latency.audioReceived('r', 1400);
  latency.audioReceived('r', 1500);
  latency.rendered(1600);
  latency.rendered(1900);
  expect(latency.of('r')).toEqual({ firstAudioMs: 400, heardMs: 600 });
});

test('only for the response whose sound it was', () => {
  const latency = new TurnLatency();
  latency.turnEnded(1000);
  latency.audioReceived('r', 1400);
  expect(latency.of('other')).toEqual({});
  latency.turnEnded(2000);
  expect(latency.of('r')).toEqual({});
});

test('an answer that nobody had asked for has none', () => {
  const latency = new TurnLatency();
  latency.audioReceived('r', 1400);
  latency.rendered(1500);
  expect(latency.of('r')).toEqual({});
});

test('is told with the response, measured from where the user stopped speaking', () => {
  const talk = new ScriptedTalk().model({ type: 'speech.started', itemId: 'u' }).wait(1000);
  talk.model({ type: 'speech.stopped', itemId: 'u' }, { type: 'input.committed', itemId: 'u' }).wait(300);
  talk.say('r', 'a', 'yes', 100).wait(200).rendered('a', 10);
  talk.model({ type: 'response.done', responseId: 'r', status: 'completed' });
  expect(talk.emitted('response.done')).toMatchObject([{ firstAudioMs: 300, heardMs: 500 }]);
});

test('is told in tenths of a millisecond', () => {
  const latency = new TurnLatency();
  latency.turnEnded(26.8);
  latency.audioReceived('r', 42.7);
  latency.rendered(42.9);
  expect(latency.of('r')).toEqual({ firstAudioMs: 15.9, heardMs: 16.1 });
});
