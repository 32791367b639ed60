import { readFileSync } from 'node:fs';
import type { Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createProgram } from '../../src/cli/program.js';
import { allKeys } from '../../src/config/allowed.js';
import { configSchema } from '../../src/config/schema.js';
import { sessionEventSchema } from '../../src/contract/session-event-schema.js';
import { serverToolTypes } from '../../src/contract/settings.js';
import { dialectQuirks } from '../../src/simulator/wire/dialect-ids.js';
import { memoryIo } from '../commands/session/memory-io.js';

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

/** Where JSON Schema says that one of several words may stand. */
const node = z.looseObject({
  const: z.string().optional(),
  enum: z.array(z.string()).optional(),
  get properties() {
    return z.record(z.string(), node).optional();
  },
  get items() {
    return node.optional();
  },
  get additionalProperties() {
    return z.union([z.boolean(), node]).optional();
  },
  get anyOf() {
    return z.array(node).optional();
  },
  get oneOf() {
    return z.array(node).optional();
  },
});
type Node = z.infer<typeof node>;

interface Choice {
  readonly key: string;
  readonly words: readonly string[];
}

/** Every place of a schema with a closed list of words. What stands inside an array belongs to the key of the array. */
function choicesOf(schema: z.ZodType): Choice[] {
  const below = (at: Node, key: string): Choice[] => {
    const inside = (name: string) => (key === '' ? name : `${key}.${name}`);
    const own = [...(at.enum ?? []), ...(at.const === undefined ? [] : [at.const])];
    return [
      ...(own.length === 0 ? [] : [{ key, words: own }]),
      ...Object.entries(at.properties ?? {}).flatMap(([name, child]) => below(child, inside(name))),
      ...(typeof at.additionalProperties === 'object'
        ? below(at.additionalProperties, inside('<name>'))
        : []),
      ...(at.items === undefined ? [] : below(at.items, key)),
      ...[...(at.anyOf ?? []), ...(at.oneOf ?? [])].flatMap((child) => below(child, key)),
    ];
  };
  return below(node.parse(z.toJSONSchema(schema)), '');
}

const keys = new Set(allKeys());
const configured = choicesOf(configSchema).filter(({ key }) => keys.has(key));

/** The row of a table for something in backticks. */
function rowOf(page: string, name: string): string {
  return page.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${name}`)) ?? '';
}

describe('docs/configuration.md', () => {
  const page = read('docs/configuration.md');

  it.each(configured)('names what $key may be: $words', ({ key, words }) => {
    const row = rowOf(page, `${key}\``);
    for (const word of words) expect(row).toContain(`\`${word}\``);
  });

  it('names the tools that providers run themselves', () => {
    for (const type of serverToolTypes) expect(rowOf(page, 'serverTools`')).toContain(`\`${type}\``);
  });
});

describe('config.example.json', () => {
  /** From the comment above a key to the comment above the next one. */
  const sections = read('config.example.json').split(/\n\n(?= {2}\S)/);

  it.each(configured.filter(({ key }) => !/^(providers|mcpServers|agents)\./.test(key)))(
    'names what $key may be: $words',
    ({ key, words }) => {
      const section = sections.find((text) => `\n${text}`.includes(`\n  "${key.split('.')[0]}":`)) ?? '';
      for (const word of words) expect(section).toMatch(new RegExp(`\\b${word}\\b`));
    },
  );
});

describe('docs/command-line.md', () => {
  const page = read('docs/command-line.md');
  const program = createProgram(memoryIo({}).io, () => {});
  const commands = [program, ...program.commands];
  const options: readonly Option[] = commands.flatMap((command) => command.options);
  const withChoices = options.flatMap(({ long, argChoices }) =>
    long && argChoices ? [{ long, argChoices }] : [],
  );

  it.each(withChoices)('names what $long may be: $argChoices', ({ long, argChoices }) => {
    const row = rowOf(page, long);
    for (const choice of argChoices) expect(row).toContain(`\`${choice}\``);
  });

  it.each(program.commands)('names what the argument of $_name may be', (command) => {
    const row = rowOf(page, `${command.name()} `);
    for (const word of command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []))
      expect(row).toContain(word);
  });
});

describe('docs/simulate.md', () => {
  it.each(Object.values(dialectQuirks).flat())('explains the quirk %s', (quirk) => {
    expect(read('docs/simulate.md').includes(`\`--quirk ${quirk}\``)).toBe(true);
  });
});

describe('docs/ndjson.md', () => {
  const page = read('docs/ndjson.md');
  const choices = sessionEventSchema.options.flatMap((event) =>
    Object.entries(event.shape).flatMap(([field, schema]) =>
      field === 'type' || !(schema instanceof z.ZodEnum)
        ? []
        : [{ event: event.shape.type.value, field, words: schema.options }],
    ),
  );

  it.each(choices)('names what $field of $event may be: $words', ({ event, words }) => {
    const row = rowOf(page, `${event}\``);
    for (const word of words) expect(row).toContain(`\`${word}\``);
  });
});
