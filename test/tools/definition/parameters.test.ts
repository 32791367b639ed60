import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readParameters } from '../../../src/tools/definition/parameters.js';

async function problems(parameters: Record<string, unknown>, args: Record<string, unknown>) {
  const checked = await readParameters({ parameters }).check(args);
  return checked.ok ? [] : checked.problems;
}

const order = {
  type: 'object',
  properties: {
    size: { enum: ['small', 'large'] },
    count: { type: 'integer', minimum: 1, maximum: 5 },
    to: {
      type: 'object',
      properties: { zip: { type: 'string', pattern: '^[0-9]{5}$' } },
      required: ['zip'],
    },
    extras: { type: 'array', items: { type: 'string' }, maxItems: 2 },
  },
  required: ['count'],
  additionalProperties: false,
};

describe('JSON Schema parameters', () => {
  it('accept valid arguments', async () => {
    const args = { count: 2, size: 'small', to: { zip: '12345' }, extras: ['a'] };
    expect(await readParameters({ parameters: order }).check(args)).toEqual({ ok: true, args });
  });

  it.each([
    ['a missing argument', {}, ['Instance does not have required property "count".']],
    ['a wrong type', { count: '2' }, ['count: Instance type "string" is invalid. Expected "integer".']],
    ['a number too big', { count: 9 }, ['count: 9 is greater than 5.']],
    ['a word that is none of the list', { count: 1, size: 'huge' }, [/^size: .*small/]],
    [
      'a pattern inside an object',
      { count: 1, to: { zip: 'x' } },
      ['to.zip: String does not match pattern.'],
    ],
    ['an item of a list', { count: 1, extras: [1] }, [/^extras\.0: .*string/]],
    ['a list too long', { count: 1, extras: ['a', 'b', 'c'] }, [/^extras: /]],
    ['an argument nobody asked for', { count: 1, colour: 'red' }, [/"colour"/]],
  ])('explain what is wrong: %s', async (_, args, wanted) => {
    const found = await problems(order, args);
    expect(found).toEqual(
      wanted.map((text) => (typeof text === 'string' ? text : expect.stringMatching(text))),
    );
  });

  it('support what schemas of other programs use', async () => {
    const named = {
      type: 'object',
      properties: { id: { $ref: '#/definitions/id' } },
      definitions: { id: { type: 'string', minLength: 2 } },
    };
    expect(await problems(named, { id: 'x' })).toEqual(['id: String is too short (1 < 2).']);
    const either = { anyOf: [{ required: ['a'] }, { required: ['b'] }] };
    expect(await problems(either, {})).not.toEqual([]);
    expect(await problems(either, { b: 1 })).toEqual([]);
    const conditional = { if: { required: ['a'] }, not: { required: ['b'] } };
    expect(await problems(conditional, { b: 1 })).not.toEqual([]);
  });

  it('list at most eight problems', async () => {
    const required = Array.from({ length: 20 }, (_, index) => `p${index}`);
    expect(await problems({ type: 'object', required }, {})).toHaveLength(8);
  });

  it('are an object without properties for a tool without parameters', () => {
    expect(readParameters({}).schema).toEqual({ type: 'object', properties: {} });
  });

  it('are rejected when they do not describe an object', () => {
    expect(() => readParameters({ parameters: { type: 'string' } })).toThrow(/must be "object"/);
    expect(() => readParameters({ parameters: { _def: {}, safeParse: () => {} } })).toThrow(/zod 3/);
  });
});

describe('zod parameters', () => {
  const parameters = z.object({
    place: z.string().min(1).describe('where'),
    days: z.int().max(7).default(1),
  });

  it('become a JSON Schema in which optional properties are not required', () => {
    expect(readParameters({ parameters }).schema).toEqual({
      type: 'object',
      properties: {
        place: { type: 'string', minLength: 1, description: 'where' },
        days: expect.objectContaining({ type: 'integer', maximum: 7, default: 1 }),
      },
      required: ['place'],
    });
  });

  it('fill in defaults and drop unknown properties', async () => {
    const checked = await readParameters({ parameters }).check({ place: 'Oslo', more: 1 });
    expect(checked).toEqual({ ok: true, args: { place: 'Oslo', days: 1 } });
  });

  it('explain what is wrong', async () => {
    const checked = await readParameters({ parameters }).check({ days: 8 });
    expect(checked).toEqual({
      ok: false,
      problems: [expect.stringMatching(/^place: .*string/), expect.stringMatching(/^days: .*7/)],
    });
  });

  it('may check asynchronously', async () => {
    const odd = z.object({ n: z.number().refine(async (n) => n % 2 === 1, 'must be odd') });
    const checked = await readParameters({ parameters: odd }).check({ n: 2 });
    expect(checked).toEqual({ ok: false, problems: ['n: must be odd'] });
  });

  it('are rejected when JSON cannot represent them', () => {
    expect(() => readParameters({ parameters: z.object({ when: z.date() }) })).toThrow(/Date/);
    expect(() => readParameters({ parameters: z.string() })).toThrow(/must be "object"/);
  });
});
