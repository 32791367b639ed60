import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Experimental_GoogleRealtimeModel as GoogleRealtimeModel } from '@ai-sdk/google';
import { Experimental_OpenAIRealtimeModel as OpenAIRealtimeModel } from '@ai-sdk/openai';
import { Experimental_XaiRealtimeModel as XaiRealtimeModel } from '@ai-sdk/xai';
import { OpenAIRealtimeBase } from '@openai/agents-realtime';
import { RealtimeConversation } from 'openai-realtime-api';
import { Findings, loadScenes, ours } from './mappers.js';

const everything = ['heard', 'said', 'sound', 'calls', 'statuses', 'usage'];

/** The scenes hold frames that no server may send, or that only servers send which these clients were not made for. */
const strange = /\/(unreadable|errors|other-servers|snake-case|refusals)$/;

/**
 * Compares what two readers found in the same frames, field by field. `differences`: where they differ, and who is
 * right by the documentation; each of them has to be there still.
 */
function compare(folders, { read, fields = everything, named = true, differences = {} }) {
  const scenes = folders.flatMap(loadScenes).filter(({ name }) => !strange.test(name));
  for (const { name, steps } of scenes) {
    test(name, () => {
      const expected = ours(steps).as(fields, { named });
      const known = differences[name] ?? {};
      if (known.throws !== undefined) {
        assert.throws(() => read(steps), undefined, `no difference any more: ${known.throws}`);
        return;
      }
      const found = read(steps).as(fields, { named });
      for (const field of fields) {
        if (known[field] === undefined) assert.deepEqual(found[field], expected[field], field);
        else assert.notDeepEqual(found[field], expected[field], `no difference any more: ${known[field]}`);
      }
    });
  }
  test('knows no scenes that are gone', () => {
    const names = scenes.map(({ name }) => name);
    assert.deepEqual(
      Object.keys(differences).filter((name) => !names.includes(name)),
      [],
    );
    assert.ok(names.length > 0);
  });
}

/** A model of the AI SDK, which reads one frame after the other. */
function readWith(Model) {
  return (steps) => {
    const model = new Model('any', { provider: 'test', baseURL: 'http://localhost', headers: {} });
    const found = new Findings();
    for (const event of steps.flatMap(({ frame }) => model.parseServerEvent(frame))) {
      switch (event.type) {
        case 'input-transcription-completed':
          found.heard.set(event.itemId, event.transcript);
          break;
        case 'audio-transcript-delta':
        case 'text-delta':
          found.word(found.said, event.itemId, event.delta);
          break;
        case 'audio-delta':
          found.hear(event.itemId, event.delta);
          break;
        case 'function-call-arguments-done':
          found.call(event.callId, event.name, event.arguments);
          break;
        case 'response-done':
          found.statuses.push(event.status);
          break;
      }
      // What words cost that somebody else has written down is another account.
      if (event.type === 'input-transcription-completed') continue;
      const { inputTokens: input = 0, outputTokens: output = 0 } = event.usage ?? {};
      if (input + output > 0) found.usage.push({ input, output });
    }
    return found;
  };
}

describe('the AI SDK for OpenAI', () => {
  compare(['openai', 'azure'], {
    read: readWith(OpenAIRealtimeModel),
    differences: {
      'openai/interleaved-message-and-call': {
        calls:
          'It takes a call from its arguments alone; the reference has the whole call in response.output_item.done.',
      },
    },
  });
});

describe('the AI SDK for xAI', () => {
  const usage =
    'It looks into response.usage, which xAI leaves empty: the numbers stand beside the response.';
  compare(['xai'], {
    read: readWith(XaiRealtimeModel),
    differences: {
      'xai/manual-turn': { usage },
      'xai/several-messages': { usage },
      'xai/tool-turn': { usage },
      'xai/vad-turn': { usage },
    },
  });
});

describe('the AI SDK for Google', () => {
  const statuses = 'It calls every end "completed"; "interrupted" and turnCompleteReason say more.';
  compare(['gemini'], {
    read: readWith(GoogleRealtimeModel),
    // Both make up their names.
    named: false,
    differences: {
      'gemini/combined-3.x': {
        said: 'It tells thoughts, which a part with "thought" is, like words of the answer.',
      },
      'gemini/extended-thinking': {
        statuses: 'It ends the answer at IN_PROGRESS, where the model only says "one moment".',
      },
      'gemini/interruption': {
        statuses,
        sound: 'It plays what comes together with the interruption, and was made before it.',
      },
      'gemini/refused-turns': { statuses },
      'gemini/speech-signals': {
        heard:
          'It tells all words so far as the final ones; we wait for the end of the turn, which the scene does not reach.',
        statuses,
      },
      'gemini/tool-call': {
        calls: 'It tells a call again that the server repeats, and gives none an id that has none.',
      },
    },
  });
});

/** The events of the Agents SDK's connection, without a connection. */
class Transport extends OpenAIRealtimeBase {
  status = 'connected';
  muted = false;
  connect() {}
  sendEvent() {}
  mute() {}
  close() {}
  interrupt() {}

  static read(steps) {
    const found = new Findings();
    const transport = new Transport();
    transport.on('audio_transcript_delta', ({ itemId, delta }) => found.word(found.said, itemId, delta));
    transport.on('output_text_delta', ({ itemId, delta }) => found.word(found.said, itemId, delta));
    transport.on('response.output_audio.delta', ({ item_id, delta }) => found.hear(item_id, delta));
    transport.on('function_call', ({ callId, name, arguments: json }) => found.call(callId, name, json));
    transport.on('response.done', ({ response }) => found.statuses.push(response.status));
    transport.on('turn_done', ({ response: { usage } }) => {
      if (usage.inputTokens + usage.outputTokens > 0) {
        found.usage.push({ input: usage.inputTokens, output: usage.outputTokens });
      }
    });
    transport.on('conversation.item.input_audio_transcription.completed', ({ item_id, transcript }) => {
      found.heard.set(item_id, transcript);
    });
    transport.on('error', () => {});
    for (const { frame } of steps) transport._onMessage({ data: JSON.stringify(frame) });
    return found;
  }
}

describe('the Agents SDK', () => {
  compare(['openai', 'azure'], {
    read: Transport.read,
    differences: {
      'openai/mcp': {
        throws: 'A call that the server runs has the output null while it runs; the reference allows that.',
      },
    },
  });
});

/** It keeps the conversation as items, and was written for the beta. */
function readConversation(steps) {
  const conversation = new RealtimeConversation();
  const items = new Map();
  const known = steps.filter(({ frame }) => frame.type in conversation.EventProcessors);
  for (const { frame } of known) {
    // The sound of the user's speech, which it would cut out of what it has sent.
    const { item } = conversation.processEvent(frame, new Int16Array(48_000)) ?? {};
    if (item) items.set(item.id, item);
  }
  const found = new Findings();
  for (const { id, role, formatted } of items.values()) {
    if (role === 'user') found.heard.set(id, formatted.transcript);
    else found.said.set(id, formatted.transcript);
    if (role === 'assistant') found.sound.set(id, formatted.audio.byteLength);
  }
  return found;
}

describe('a client of the beta', () => {
  test('beta/vad-turn', () => {
    const fields = ['heard', 'said', 'sound'];
    // The other scenes are pieces of sessions, and it needs the items from the start.
    const { steps } = loadScenes('beta').find(({ name }) => name === 'beta/vad-turn');
    assert.deepEqual(readConversation(steps).as(fields), ours(steps).as(fields));
    assert.ok(ours(steps).heard.size > 0);
  });
});
