import { expect, it } from 'vitest';
import { ModelSettings } from '../../src/session/model-settings.js';
import { FakeSound } from '../../src/testing/fake-sound.js';
import { createToolRunner } from '../../src/tools/tool-runner.js';
import { profile } from './fake-link.js';

const tools = createToolRunner([], { env: {} });

it('asks for text where there is no sound, or where its devices are away, until they are there', () => {
  const sound = Object.assign(new FakeSound(), { away: true });
  const settings = new ModelSettings({ profile, sound, tools }, 'provider');
  expect(settings.settings({ instructions: 'Be brief.' })).toMatchObject({ modality: 'text' });
  sound.away = false;
  expect(settings.again()).toEqual({ instructions: 'Be brief.', tools: [] });
  expect(new ModelSettings({ profile, sound: null, tools }, 'provider').settings({})).toMatchObject({
    modality: 'text',
  });
});
