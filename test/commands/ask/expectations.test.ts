import { describe, expect, it } from 'vitest';
import { Expectations } from '../../../src/commands/ask/expectations.js';

const none = { expectHeard: [], expectSaid: [], expectTool: [] };
const outcome = {
  heard: ['What is the weather in Paris?'],
  said: ['It is sunny.', 'Anything else?'],
  tools: [
    { name: 'get_weather', ok: true },
    { name: 'get_time', ok: false },
  ],
};

describe('Expectations', () => {
  it('is content when everything is there, whatever the case', () => {
    const flags = {
      expectHeard: ['weather.*paris'],
      expectSaid: ['SUNNY', 'else'],
      expectTool: ['get_weather'],
    };
    expect(new Expectations(flags).unmet(outcome)).toEqual([]);
  });

  it('says for each what was expected and what there was', () => {
    const flags = { expectHeard: ['rome'], expectSaid: ['rain'], expectTool: ['get_time', 'dice'] };
    expect(new Expectations(flags).unmet(outcome)).toEqual([
      'Expected /rome/ to be heard from the user; it was: "What is the weather in Paris?"',
      'Expected /rain/ to be said by the assistant; it was: "It is sunny.\\nAnything else?"',
      'Expected the tool get_time to succeed; it was called and failed.',
      'Expected the tool dice to be called; called: get_weather, get_time.',
    ]);
  });

  it('says so when there was nothing at all', () => {
    const flags = { ...none, expectSaid: ['x'], expectTool: ['dice'] };
    expect(new Expectations(flags).unmet({ heard: [], said: [], tools: [] })).toEqual([
      'Expected /x/ to be said by the assistant; it was: nothing.',
      'Expected the tool dice to be called; no tool was called.',
    ]);
  });

  it('refuses what is no regular expression, before anything is sent', () => {
    expect(() => new Expectations({ ...none, expectSaid: ['(sunny'] })).toThrow(
      expect.objectContaining({
        exitCode: 2,
        message: '--expect-said "(sunny" is not a regular expression.',
      }),
    );
  });
});
