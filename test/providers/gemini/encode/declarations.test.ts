import { describe, expect, it } from 'vitest';
import { createGeminiCodec } from '../../../../src/providers/gemini/codec.js';
import { toolList } from '../../../../src/providers/gemini/encode/declarations.js';
import { factsOf } from '../../../../src/providers/gemini/models.js';

function declared(parameters: Record<string, unknown>, model = 'gemini-3.8-live'): unknown {
  const tools = [{ name: 'find', description: 'Finds', parameters }];
  return toolList({ tools }, factsOf(model))[0]?.functionDeclarations;
}

describe('the declaration of a tool', () => {
  const places = {
    type: 'object',
    properties: { place: { type: 'string', minLength: 1 } },
    required: ['place'],
  };
  const free = {
    type: 'object',
    properties: {
      headers: {
        type: 'object',
        additionalProperties: { type: 'string', pattern: '^x' },
        default: {},
        properties: { pattern: { type: 'string' } },
      },
      more: { type: 'object' },
      '': { type: 'string' },
    },
  };

  it('is in the form that every model takes', () => {
    expect(declared(places)).toEqual([
      {
        name: 'find',
        description: 'Finds',
        parameters: {
          type: 'OBJECT',
          properties: { place: { type: 'STRING', minLength: '1' } },
          required: ['place'],
        },
        behavior: 'BLOCKING',
      },
    ]);
  });

  it('is a JSON Schema for arbitrary keys, with nothing that Google does not know', () => {
    expect(declared(free)).toMatchObject([
      {
        parametersJsonSchema: {
          type: 'object',
          properties: {
            headers: {
              type: 'object',
              additionalProperties: { type: 'string' },
              properties: { pattern: { type: 'string' } },
            },
            more: { type: 'object' },
          },
        },
      },
    ]);
    expect(JSON.stringify(declared(free))).not.toMatch(/default|\^x|"":/);
    // A model that takes such a schema but then leaves out the arguments gets the other form.
    expect(declared(free, 'gemini-2.5-flash-native-audio-latest')).toMatchObject([
      { parameters: { type: 'OBJECT', properties: { more: { type: 'OBJECT' } } } },
    ]);
  });

  it('has no references: a schema that refers to itself is written out to some depth', () => {
    const node = { type: 'object', properties: { more: { type: 'object' }, next: { $ref: '#/$defs/node' } } };
    const written = JSON.stringify(declared({ ...node, $defs: { node } }));
    expect(written).toContain('"parameters"');
    expect(written).not.toMatch(/\$ref|\$defs/);
  });
});

describe('a tool whose name begins with a digit', () => {
  it('gets a name that Gemini allows, and is called by its own', () => {
    const codec = createGeminiCodec({ model: 'gemini-3.8-live', env: {} });
    const tools = [
      { name: '7zip__list', description: 'Lists', parameters: { type: 'object', properties: {} } },
    ];
    const [setup] = codec.encode({ type: 'session.update', settings: { tools } });
    expect(JSON.parse(String(setup)).setup.tools[0].functionDeclarations[0].name).toBe('_7zip__list');
    codec.decode(JSON.stringify({ setupComplete: {} }));
    const call = { functionCalls: [{ id: 'c1', name: '_7zip__list', args: {} }] };
    const events = codec.decode(JSON.stringify({ toolCall: call }));
    expect(events).toContainEqual(expect.objectContaining({ type: 'tool.called', name: '7zip__list' }));
    const [result] = codec.encode({
      type: 'item.create',
      item: { kind: 'tool.output', callId: 'c1', output: 'done' },
    });
    expect(JSON.parse(String(result)).toolResponse.functionResponses[0].name).toBe('_7zip__list');
  });
});
