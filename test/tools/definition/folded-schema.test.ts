import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldedSchema } from '../../../src/tools/definition/folded-schema.js';
import { readParameters } from '../../../src/tools/definition/parameters.js';
import { repairedSchema } from '../../../src/tools/definition/repaired-schema.js';

const text = { type: 'string' };
const object = (properties: unknown, more = {}) => ({ type: 'object', properties, ...more });
const folded = (schema: Record<string, unknown>) => readParameters({ parameters: schema }).schema;

/** What providers refuse in a schema, anywhere in it. */
function faults(schema: unknown, at = 'top'): string[] {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema))
    return [`${at} is not an object`];
  const {
    type,
    properties,
    items,
    anyOf,
    enum: allowed,
    required,
    additionalProperties,
    $defs,
  } = Object(schema);
  const found: string[] = [];
  for (const key of ['oneOf', 'allOf', 'not', 'if', 'const', 'prefixItems', '$schema', 'definitions'])
    if (key in schema) found.push(`${at} has ${key}`);
  for (const [key, value] of Object.entries(schema))
    if (value === null && key !== 'default') found.push(`${at}.${key} is null`);
  if (at === 'top') {
    if (type !== 'object') found.push('the top is not of type object');
    if (properties === undefined) found.push('the top has no properties');
    for (const key of ['anyOf', 'enum', '$ref']) if (key in schema) found.push(`the top has ${key}`);
  }
  if (type === 'array' && items === undefined) found.push(`${at} is an array without items`);
  if (allowed !== undefined && !(Array.isArray(allowed) && allowed.length > 0))
    found.push(`${at} has no values`);
  if (required !== undefined) {
    const names = Object.keys(Object(properties));
    if (!Array.isArray(required) || !required.every((name) => names.includes(name)))
      found.push(`${at} requires ${JSON.stringify(required)}`);
  }
  const inner: [string, unknown][] = [
    ...Object.entries(Object(properties)),
    ...Object.entries(Object($defs)),
    ...(items === undefined ? [] : [['items', items] as [string, unknown]]),
    ...(Array.isArray(anyOf) ? anyOf : []).map((each, index): [string, unknown] => [`${index}`, each]),
  ];
  if (additionalProperties !== undefined && additionalProperties !== false)
    inner.push(['additional', additionalProperties]);
  return [...found, ...inner.flatMap(([name, each]) => faults(each, `${at}.${name}`))];
}

describe('a schema for models', () => {
  it('has the properties of all alternatives at the top, and says which belong together', () => {
    const either = {
      anyOf: [object({ file: text }, { required: ['file'] }), object({ url: text }, { required: ['url'] })],
    };
    expect(folded({ type: 'object', ...either })).toEqual({
      type: 'object',
      properties: { file: text, url: text },
      description: 'Send one of these sets of arguments: (file), (url).',
    });
    // What the alternatives demand is still checked.
    expect(folded({ oneOf: [object({ a: text }), object({ b: { type: 'integer' } })] }).properties).toEqual({
      a: text,
      b: { type: 'integer' },
    });
  });

  it('still refuses arguments that fit none of the alternatives', async () => {
    const either = {
      anyOf: [object({ file: text }, { required: ['file'] }), object({ url: text }, { required: ['url'] })],
    };
    const { check } = readParameters({ parameters: { type: 'object', ...either } });
    expect(await check({ url: 'x' })).toMatchObject({ ok: true });
    expect(await check({})).toMatchObject({ ok: false });
  });

  it('takes any value where a reference leads out of the schema', async () => {
    const { check } = readParameters({ parameters: object({ a: { $ref: 'https://example.org/a.json' } }) });
    expect(await check({ a: 1 })).toMatchObject({ ok: true });
  });

  it('joins kinds told apart by a word, and requires what all of them require', () => {
    const kind = (name: string, more: object) =>
      object({ kind: { const: name }, ...more }, { required: ['kind', ...Object.keys(more)] });
    expect(
      folded({
        oneOf: [kind('circle', { radius: { type: 'number' } }), kind('square', { side: { type: 'number' } })],
      }),
    ).toEqual({
      type: 'object',
      properties: {
        kind: { type: 'string', enum: ['circle', 'square'] },
        radius: { type: 'number' },
        side: { type: 'number' },
      },
      required: ['kind'],
      description: 'Send one of these sets of arguments: (kind="circle", radius), (kind="square", side).',
    });
  });

  it('merges what has to fit all parts', () => {
    const parts = [
      object({ a: { type: 'string', description: 'A' } }, { required: ['a'] }),
      object({ a: { minLength: 2 }, b: text }),
    ];
    expect(folded({ allOf: parts })).toEqual({
      type: 'object',
      properties: { a: { type: 'string', description: 'A', minLength: 2 }, b: text },
      required: ['a'],
    });
  });

  it('has no reference at the top or to places that are gone', () => {
    const $defs = { Q: object({ a: text }) };
    expect(folded({ $ref: '#/$defs/Q', $defs })).toEqual(object({ a: text }));
    const shared = object({
      headers: { type: 'object' },
      list: { type: 'array', items: { $ref: '#/properties/headers' } },
    });
    expect(folded(shared).properties).toEqual({
      headers: { type: 'object' },
      list: { type: 'array', items: { type: 'object' } },
    });
  });

  it('keeps references to what refers to itself', () => {
    const tree = object(
      { node: { $ref: '#/definitions/N', description: 'The root' } },
      {
        definitions: { N: object({ children: { type: 'array', items: { $ref: '#/definitions/N' } } }) },
      },
    );
    expect(folded(tree)).toEqual({
      ...object({ node: { $ref: '#/$defs/N', description: 'The root' } }),
      $defs: { N: object({ children: { type: 'array', items: { $ref: '#/$defs/N' } } }) },
    });
    expect(folded({ $ref: '#' })).toEqual(object({}));
    expect(faults(folded({ allOf: [{ $ref: '#' }], properties: { a: { $ref: '#' } } }))).toEqual([]);
  });

  it('is found in time, in however many ways its references lead on', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => {
        const next = { $ref: `#/$defs/d${index + 1}` };
        return [
          `d${index}`,
          index % 2 === 0 ? { allOf: [next, next] } : { anyOf: [next, { ...next, title: 'x' }] },
        ];
      }),
    );
    const schema = { $ref: '#/$defs/d0', $defs: { ...$defs, d40: object({ a: text }) } };
    const began = performance.now();
    expect(faults(foldedSchema(schema))).toEqual([]);
    expect(faults(foldedSchema(object({ deep: { $ref: '#/$defs/d0' } }, { $defs })))).toEqual([]);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it('keeps references where writing them out would be long', () => {
    const level = (next: number) =>
      object(
        Object.fromEntries(
          Array.from({ length: 8 }, (_, index) => [`p${index}`, { $ref: `#/$defs/L${next}` }]),
        ),
      );
    const $defs = { L1: level(2), L2: level(3), L3: level(4), L4: object({ end: text }) };
    const written = folded({ ...level(1), $defs });
    expect(JSON.stringify(written).length).toBeLessThan(3000);
    expect(faults(written)).toEqual([]);
    expect(Object.keys(Object(written.$defs))).toEqual(['L1', 'L2', 'L3', 'L4']);
  });

  it.each<[string, Record<string, unknown>, unknown]>([
    ['null in place of properties', { type: 'object', properties: null, required: null }, object({})],
    ['a list in place of properties', { type: 'object', properties: [] }, object({})],
    ['a list without items', object({ a: { type: 'array' } }), object({ a: { type: 'array', items: {} } })],
    ['true and false', object({ a: true, b: false }, { required: ['b'] }), object({ a: {} })],
    [
      'null in place of words',
      object({ a: { type: 'string', title: null, description: null } }),
      object({ a: text }),
    ],
    [
      'a bound of draft 4',
      object({
        n: { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false },
      }),
      object({ n: { type: 'number', exclusiveMinimum: 0, maximum: 9 } }),
    ],
    [
      'a tuple',
      object({ a: { type: 'array', items: [text, { type: 'integer' }] }, b: { prefixItems: [text, text] } }),
      object({
        a: { type: 'array', items: { anyOf: [text, { type: 'integer' }] } },
        b: { type: 'array', items: text },
      }),
    ],
    [
      'a reference to a schema elsewhere',
      object({ a: { $ref: 'https://example.org/a.json' } }),
      object({ a: {} }),
    ],
    ['no values at all', object({ a: { enum: [] } }), object({ a: {} })],
    [
      'one value, and values without a type',
      object({ a: { const: 'x' }, b: { enum: [1, 2, null] } }),
      object({ a: { type: 'string', enum: ['x'] }, b: { type: ['integer', 'null'], enum: [1, 2, null] } }),
    ],
    ['a value that may be absent', object({ a: { anyOf: [{ not: {} }, text] } }), object({ a: text })],
    [
      'a bound beyond all integers',
      object({ n: { type: 'integer', maximum: 2 ** 64 } }),
      object({ n: { type: 'integer' } }),
    ],
    [
      'a property that is required',
      object({ a: { type: 'string', required: true } }),
      object({ a: text }, { required: ['a'] }),
    ],
    [
      'conditions at the top',
      object({ a: text }, { if: { required: ['a'] }, else: false, not: { required: ['b'] } }),
      object({ a: text }),
    ],
    [
      'types of other languages',
      object({ a: { type: 'int' }, b: { type: 'STRING' }, c: { type: 'any' } }),
      object({ a: { type: 'integer' }, b: text, c: {} }),
    ],
    [
      'a type that may be null',
      { type: ['object', 'null'], properties: { a: { ...text, nullable: true } } },
      object({ a: { type: ['string', 'null'] } }),
    ],
  ])('is right for %s', (_, given, expected) => {
    expect(folded(given)).toEqual(expected);
  });

  it('is one that providers take, and checks arguments, whatever it is given', async () => {
    const { schema } = fc.letrec((tie) => ({
      schema: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<unknown>(null, true, false, [], 'x', {}),
        fc.record(
          {
            type: fc.constantFrom<unknown>('object', 'string', 'array', null, ['string', 'null'], 7, [
              'object',
              'odd',
            ]),
            properties: fc.oneof(
              fc.dictionary(fc.string(), tie('schema'), { maxKeys: 3 }),
              fc.constant(null),
            ),
            items: fc.oneof(tie('schema'), fc.array(tie('schema'), { maxLength: 2 })),
            anyOf: fc.array(tie('schema'), { maxLength: 3 }),
            oneOf: fc.array(tie('schema'), { maxLength: 3 }),
            allOf: fc.array(tie('schema'), { maxLength: 3 }),
            not: tie('schema'),
            enum: fc.array(fc.jsonValue(), { maxLength: 2 }),
            const: fc.constantFrom('a', 1),
            required: fc.constantFrom<unknown>(true, ['a'], ['a', 'a', 3], null, 'a'),
            $ref: fc.constantFrom('#', '#/properties/a', '#/$defs/b', '#/anyOf/0', 'http://example.org'),
            $defs: fc.dictionary(fc.constantFrom('b', 'c'), tie('schema')),
            minimum: fc.constantFrom<unknown>(0, null, '3'),
            exclusiveMinimum: fc.constantFrom<unknown>(true, false, 1),
            additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
          },
          { requiredKeys: [] },
        ),
      ),
    }));
    fc.assert(
      fc.property(schema, (given) => {
        const written = foldedSchema(repairedSchema({ ...Object(given), type: 'object' }));
        expect(faults(written)).toEqual([]);
        expect(JSON.stringify(written).length).toBeLessThan(200_000);
      }),
    );
  });
});
