import { describe, expect, test } from 'vitest';
import type { SessionSettings } from '../../../src/contract/settings.js';
import { RefusedSettings, type SettingsRefusal } from '../../../src/conversation/core/refused-settings.js';

const tool = (name: string) => ({ name, description: `Does ${name}.`, parameters: { type: 'object' } });
const settings: SessionSettings = {
  instructions: 'Say low or high.',
  voice: 'marin',
  tools: [tool('look'), tool('look_up'), tool('odd__top')],
  toolChoice: { name: 'odd__top' },
  turnDetection: { type: 'semantic', eagerness: 'low' },
  reasoningEffort: 'xhigh',
  speed: 1.2,
  extra: { vendor: { seed: 7, mood: 'happy' }, other: 1 },
};

/** What is left after the refusal, as far as it differs. */
function left(refusal: SettingsRefusal): Partial<SessionSettings> | undefined {
  const refused = new RefusedSettings();
  if (refused.add(settings, refusal) === undefined) return undefined;
  return refused.strip(settings);
}

describe('a refusal costs what it names', () => {
  test.each<[SettingsRefusal, object]>([
    [{ message: 'Unsupported.', setting: ['speed'] }, { speed: undefined }],
    [
      { message: 'Unsupported.', setting: ['turnDetection', 'eagerness'] },
      { turnDetection: { type: 'semantic' } },
    ],
    [{ message: 'Unsupported.', setting: ['turnDetection', 'type'] }, { turnDetection: undefined }],
    [
      { message: 'Unknown parameter.', setting: ['extra', 'vendor', 'seed'] },
      { extra: { vendor: { mood: 'happy' }, other: 1 } },
    ],
    [
      { message: "Invalid schema for function 'odd__top': no." },
      { tools: [tool('look'), tool('look_up')], toolChoice: undefined },
    ],
    [{ message: 'This model does not support tools.', setting: ['tools'] }, { tools: undefined }],
    [{ message: 'Bad tool: look_up.' }, { tools: [tool('look'), tool('odd__top')] }],
    [{ message: 'Bad schema.', setting: ['tools', 0] }, { tools: [tool('look_up'), tool('odd__top')] }],
    [{ message: "Invalid value: 'xhigh'." }, { reasoningEffort: undefined }],
    [{ message: 'No voice marin here.' }, { voice: undefined }],
    [{ message: "The voice 'marin' is not known." }, { voice: undefined }],
    [{ message: 'Not possible.', param: 'session.audio.output.voice' }, { voice: undefined }],
  ])('%j', (refusal, change) => {
    const expected = Object.fromEntries(
      Object.entries({ ...settings, ...change }).filter(([, value]) => value !== undefined),
    );
    expect(left(refusal)).toEqual(expected);
  });

  test.each<SettingsRefusal>([
    { message: 'Something is wrong.' },
    { message: 'Unsupported.', setting: ['temperature'] },
    { message: 'Bad schema.', setting: ['tools', 9] },
    // Words of the instructions are no values, and neither is what a tool says of itself.
    { message: "Invalid value: 'high'." },
    { message: "Do not say 'Does look.'" },
  ])('nothing where it names nothing of ours: %j', (refusal) => {
    expect(left(refusal)).toBeUndefined();
  });

  test('the same is not refused twice, and another value is worth a try', () => {
    const refused = new RefusedSettings();
    const refusal = { message: 'Unsupported.', setting: ['speed'] };
    expect(refused.add(settings, refusal)).toBeDefined();
    expect(refused.add(settings, refusal)).toBeUndefined();
    expect(refused.strip({ speed: 1 })).toEqual({ speed: 1 });
    expect(refused.strip({ speed: 1.2 })).toEqual({});
  });

  test('a tool of the same name with another schema is offered again', () => {
    const refused = new RefusedSettings();
    refused.add(settings, { message: "Invalid schema for function 'look'." });
    const mended = { ...tool('look'), description: 'Mended.' };
    expect(refused.strip({ tools: [mended] })).toEqual({ tools: [mended] });
    expect(refused.strip({ tools: [tool('look')] })).toEqual({ tools: [] });
  });
});

test('a voice is not found inside other words', () => {
  const refused = new RefusedSettings();
  const message = 'Invalid message: the usage of max_output_tokens is not supported.';
  expect(
    refused.add({ voice: 'sage', maxOutputTokens: 9 }, { message, setting: ['maxOutputTokens'] }),
  ).toEqual({
    kind: 'setting',
    path: ['maxOutputTokens'],
    value: '9',
  });
});

test('tools of the provider go after ours', () => {
  const refused = new RefusedSettings();
  const refusal = { message: 'No tools.', setting: ['tools'] };
  const both: SessionSettings = { tools: [tool('look')], serverTools: [{ type: 'web_search' }] };
  expect(refused.add(both, refusal)).toMatchObject({ path: ['tools'] });
  expect(refused.add(refused.strip(both), refusal)).toMatchObject({ path: ['serverTools'] });
  expect(refused.add(refused.strip(both), refusal)).toBeUndefined();
});

test('a field that only the codec knows is worth another try, once', () => {
  const refused = new RefusedSettings();
  const refusal = { message: 'Unknown parameter.', setting: ['extra', 'type'] };
  expect(refused.add(settings, refusal)).toMatchObject({ kind: 'field', path: ['type'] });
  expect(refused.add(settings, refusal)).toBeUndefined();
  expect(refused.strip(settings)).toEqual(settings);
});
