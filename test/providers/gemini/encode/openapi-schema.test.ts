import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openApiSchema } from '../../../../src/providers/gemini/encode/openapi-schema.js';

/** Everything that `parameters` of a function may contain; the server closes the connection on anything else. */
const allowed = new Set([
  'type',
  'description',
  'nullable',
  'enum',
  'format',
  'items',
  'properties',
  'required',
  'anyOf',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'pattern',
]);

function keywords(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  if (Array.isArray(schema)) return schema.flatMap(keywords);
  return Object.entries(schema).flatMap(([key, value]) => {
    return key === 'properties' ? Object.values(Object(value)).flatMap(keywords) : [key, ...keywords(value)];
  });
}

describe('openApiSchema', () => {
  it('writes what the subset can express, and leaves out the rest', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      additionalProperties: false,
      properties: {
        place: { type: 'string', minLength: 1, description: 'A town', default: 'Oslo', title: 'Place' },
        when: { type: 'string', format: 'date-time' },
        mail: { type: 'string', format: 'email' },
        unit: { enum: ['c', 'f'] },
        mode: { const: 'fast', type: 'string' },
        days: { type: 'integer', minimum: 1, exclusiveMaximum: 8, enum: [1, 2] },
        tags: { type: 'array', items: { type: 'string' }, maxItems: 3, uniqueItems: true },
        bare: { type: 'array' },
      },
      required: ['place', 'gone'],
    };
    expect(openApiSchema(schema)).toEqual({
      type: 'OBJECT',
      properties: {
        place: { type: 'STRING', minLength: '1', description: 'A town' },
        when: { type: 'STRING', format: 'date-time' },
        mail: { type: 'STRING' },
        unit: { type: 'STRING', enum: ['c', 'f'], format: 'enum' },
        mode: { type: 'STRING', enum: ['fast'], format: 'enum' },
        days: { type: 'INTEGER', minimum: 1, maximum: 7 },
        tags: { type: 'ARRAY', items: { type: 'STRING' }, maxItems: '3' },
        bare: { type: 'ARRAY', items: { type: 'STRING' } },
      },
      required: ['place'],
    });
  });

  it('knows the ways to write optional values and alternatives', () => {
    const properties = {
      a: { type: ['string', 'null'], description: 'A' },
      b: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
      c: { oneOf: [{ type: 'string' }, { type: 'boolean' }] },
      d: { type: ['string', 'number'] },
    };
    expect(openApiSchema({ type: 'object', properties }).properties).toEqual({
      a: { type: 'STRING', nullable: true, description: 'A' },
      b: { type: 'INTEGER', nullable: true },
      c: { anyOf: [{ type: 'STRING' }, { type: 'BOOLEAN' }] },
      d: { anyOf: [{ type: 'STRING' }, { type: 'NUMBER' }] },
    });
  });

  it('gives every schema a type, and nothing beside alternatives', () => {
    const anything = { anyOf: [{ type: 'STRING' }, { type: 'NUMBER' }, { type: 'BOOLEAN' }] };
    const properties = {
      any: {},
      list: { type: 'array', items: {} },
      pair: { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'integer' }] } },
      both: { description: 'B', type: ['string', 'number', 'null'] },
      '': { type: 'string' },
    };
    expect(openApiSchema({ type: 'object', properties, required: ['', 'any'] })).toEqual({
      type: 'OBJECT',
      properties: {
        any: anything,
        list: { type: 'ARRAY', items: { type: 'STRING' } },
        pair: { type: 'ARRAY', items: { anyOf: [{ type: 'STRING' }, { type: 'INTEGER' }] } },
        both: {
          anyOf: [
            { type: 'STRING', description: 'B', nullable: true },
            { type: 'NUMBER', description: 'B', nullable: true },
          ],
        },
      },
      required: ['any'],
    });
  });

  it('writes out references, and stops at cycles', () => {
    const schema = {
      type: 'object',
      properties: {
        node: { $ref: '#/$defs/node', description: 'The root' },
        both: {
          allOf: [
            { $ref: '#/$defs/a' },
            { type: 'object', properties: { y: { type: 'number' } }, required: ['y'] },
          ],
        },
      },
      $defs: {
        node: { type: 'object', properties: { next: { $ref: '#/$defs/node' }, value: { type: 'number' } } },
        a: { type: 'object', properties: { x: { type: 'number' } }, required: ['x'] },
      },
    };
    const written = openApiSchema(schema);
    expect(written).toMatchObject({
      properties: {
        node: {
          type: 'OBJECT',
          description: 'The root',
          properties: { value: { type: 'NUMBER' }, next: { type: 'OBJECT' } },
        },
        both: {
          type: 'OBJECT',
          properties: { x: { type: 'NUMBER' }, y: { type: 'NUMBER' } },
          required: ['x', 'y'],
        },
      },
    });
    expect(JSON.stringify(written).length).toBeLessThan(5000);
    expect(openApiSchema({ $ref: '#' })).toEqual({});
  });

  it('never writes an unknown keyword, whatever it is given', () => {
    const { schema } = fc.letrec((tie) => ({
      schema: fc.oneof(
        { depthSize: 'small' },
        fc.jsonValue(),
        fc.record(
          {
            type: fc.constantFrom<unknown>(
              'object',
              'string',
              'array',
              'integer',
              'null',
              ['string', 'null'],
              7,
            ),
            properties: fc.dictionary(fc.string(), tie('schema'), { maxKeys: 3 }),
            items: tie('schema'),
            anyOf: fc.array(tie('schema'), { maxLength: 2 }),
            allOf: fc.array(tie('schema'), { maxLength: 2 }),
            enum: fc.array(fc.jsonValue(), { maxLength: 2 }),
            required: fc.jsonValue(),
            $ref: fc.constantFrom('#', '#/properties/a', 'http://example.org'),
            minLength: fc.jsonValue(),
            additionalProperties: fc.boolean(),
            default: fc.jsonValue(),
          },
          { requiredKeys: [] },
        ),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), schema, (extra, given) => {
        const root = { ...extra, ...Object(given) };
        for (const keyword of keywords(openApiSchema(root))) expect(allowed).toContain(keyword);
      }),
    );
  });

  it('stays small, however often the schema refers to itself', () => {
    const names = Array.from({ length: 10 }, (_, i) => `part${i}`);
    const inner = Object.fromEntries(names.map((name) => [name, { $ref: '#' }]));
    const written = openApiSchema({ type: 'object', properties: { ...inner, last: { type: 'string' } } });
    expect(JSON.stringify(written).length).toBeLessThan(1_000_000);
    expect(written.properties).toMatchObject({ part9: { type: 'OBJECT' }, last: { type: 'STRING' } });
  });
});
