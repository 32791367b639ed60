import ts from 'typescript';
import { describe, expect, it } from 'vitest';

interface Report {
  unreleased(changelog: string): string[];
  render(surface: string, changelog: string): string;
  update(
    report: string | undefined,
    surface: string,
    changelog: string,
  ): { kind: string; report?: string; message?: string };
  complaint(report: string | undefined, surface: string): string | undefined;
}
interface Declarations {
  declarationsOf(
    entries: readonly string[],
    read: (path: string) => string,
  ): { exported: Map<string, string[]>; reached: string[] };
}
interface Codes {
  codesIn(files: readonly ts.SourceFile[]): string[];
}
interface JsonType {
  fieldsOf(schema: object): string[];
}

/** The scripts are plain JavaScript, because Node.js 20 runs nothing else. */
const script = (name: string) => new URL(`../../scripts/api/${name}.js`, import.meta.url).href;
const { unreleased, render, update, complaint }: Report = await import(script('report'));
const { declarationsOf }: Declarations = await import(script('declarations'));
const { codesIn }: Codes = await import(script('codes'));
const { fieldsOf }: JsonType = await import(script('json-type'));

const changelog = (...entries: string[]) =>
  `# Changelog\n\n## [Unreleased]\n\n### Added\n\n${entries.map((entry) => `- ${entry}\n`).join('')}\n## [1.0.0]\n\n- Everything.\n`;
const small = '## Flags\n\n```\n--json\n```\n';
const large = '## Flags\n\n```\n--json\n--loud\n```\n';

describe('the report of the public surface', () => {
  it('takes the entries under Unreleased from the changelog, whole', () => {
    expect(unreleased(changelog('One.', 'Two,\n  in two lines.'))).toEqual([
      '- One.',
      '- Two, in two lines.',
    ]);
    expect(unreleased(changelog())).toEqual([]);
    expect(unreleased('# Changelog\n\n## Unreleased\n\n- Last.\n')).toEqual(['- Last.']);
    expect(unreleased('# Changelog\n')).toEqual([]);
  });

  it('is written where there is none', () => {
    expect(update(undefined, small, changelog())).toEqual({
      kind: 'write',
      report: render(small, changelog()),
    });
    expect(complaint(undefined, small)).toContain('+ --json');
  });

  it('passes while nothing changes, whatever the changelog says', () => {
    const report = render(small, changelog('One.'));
    expect(complaint(report, small)).toBeUndefined();
    expect(update(report, small, changelog('One.', 'Two.'))).toEqual({ kind: 'same' });
  });

  it('fails when the surface changed and the report did not', () => {
    const report = render(small, changelog('One.'));
    expect(complaint(report, large)).toMatch(/^\+ --loud$/m);
    expect(complaint(render(large, changelog()), small)).toMatch(/^- --loud$/m);
    expect(complaint(report, large)).toContain('run `npm run api`');
  });

  it.each([
    ['without a line of the changelog', changelog('One.', 'Two, three.')],
    ['where lines were only wrapped and moved', changelog('Two,\n  three.', 'One.')],
    ['where all lines were removed', changelog()],
  ])('is not written for a changed surface %s', (_where, after) => {
    const outcome = update(render(small, changelog('One.', 'Two, three.')), large, after);
    expect(outcome.kind).toBe('refuse');
    expect(outcome.message).toContain('Add a line about it under `Unreleased`');
    expect(outcome.message).toMatch(/^\+ --loud$/m);
  });

  it('is written for a changed surface with a line of the changelog, once', () => {
    const outcome = update(render(small, changelog('One.')), large, changelog('One.', '`--loud`.'));
    expect(outcome).toEqual({ kind: 'write', report: render(large, changelog('One.', '`--loud`.')) });
    expect(update(outcome.report, small, changelog('One.', '`--loud`.')).kind).toBe('refuse');
  });

  it('needs a new line after a release', () => {
    const report = render(small, changelog('One.'));
    const released = changelog('One.').replace('## [Unreleased]\n', '## [Unreleased]\n\n## [1.1.0]\n');
    expect(update(report, large, released).kind).toBe('refuse');
  });

  it('is written again where it cannot be read', () => {
    expect(update('<<<<<<< HEAD', small, changelog()).kind).toBe('write');
  });
});

describe('the declarations of the surface', () => {
  const files: Record<string, string> = {
    'dist/index.d.ts': `export { start, type Options } from './start.js';\nexport * from './codes.js';\nexport { Old as New } from './start.js';`,
    'dist/start.d.ts': `
      import type { Sound } from './sound.js';
      import { z } from 'zod';
      /** Starts. */
      export declare function start(options: Options): Promise<import('./session.js').Session>;
      export interface Options { readonly sound?: Sound | undefined; readonly schema?: z.ZodType; unrelated: string }
      export declare class Old { #hidden; private readonly secret; readonly shown: "b" | "a"; }
      export declare const unrelated: string;`,
    'dist/sound.d.ts': 'export interface Sound { play(): void }',
    'dist/session.d.ts': `export interface Session { readonly state: z.ZodEnum<{ b: "b"; a: "a" }> }`,
    'dist/codes.d.ts': `export declare const codes: readonly ["a"];`,
  };
  const { exported, reached } = declarationsOf(['dist/index.d.ts'], (path) => files[path] ?? '');

  it('are those that an entry point exports, without comments and private members', () => {
    const texts = exported.get('dist/index.d.ts')?.map((text) => text.replace(/\s+/g, ' '));
    expect(texts).toEqual([
      'New: class Old { readonly shown: "a" | "b"; }',
      'interface Options { readonly sound?: Sound | undefined; readonly schema?: z.ZodType; unrelated: string; }',
      'const codes: readonly [ "a" ];',
      "function start(options: Options): Promise<import('./session.js').Session>;",
    ]);
  });

  it('are also those that they lead to, in an order of their own', () => {
    expect(reached.map((text) => text.replace(/\s+/g, ' '))).toEqual([
      'interface Session { readonly state: z.ZodEnum<{ a: "a"; b: "b"; }>; }',
      'interface Sound { play(): void; }',
    ]);
  });
});

describe('the codes of the surface', () => {
  it('are found in objects and in calls', () => {
    const source = `
      throw new VoxtermError('…', { code: 'url.clear-text', exitCode: 2 });
      warn({ code: late ? 'response.late' : ('response.missing' as const) });
      function refused(message: string, code: string) {}
      refused('…', 'tool.unknown');
      other('…', 'not.taken');
      const event = { type: 'session.ready', code: 'server_error' };`;
    const file = ts.createSourceFile('a.ts', source, ts.ScriptTarget.Latest, true);
    expect(codesIn([file])).toEqual(['response.late', 'response.missing', 'tool.unknown', 'url.clear-text']);
  });
});

describe('a JSON Schema of the surface', () => {
  it('is one line for each field', () => {
    const text = { type: 'string' };
    const inner = { type: 'object', properties: { name: text, on: { type: 'boolean' } }, required: ['name'] };
    expect(
      fieldsOf({
        type: 'object',
        properties: {
          mode: { enum: ['a', 'b'] },
          one: inner,
          many: { type: 'array', items: inner },
          named: { type: 'object', additionalProperties: inner },
          either: { anyOf: [text, { type: 'array', items: text }, inner] },
        },
        required: ['mode'],
      }),
    ).toEqual([
      'mode: "a" | "b"',
      'one.name: string',
      'one.on?: boolean',
      'many[].name: string',
      'many[].on?: boolean',
      'named.*.name: string',
      'named.*.on?: boolean',
      'either?: string | array of string | { name: string, on?: boolean }',
    ]);
  });
});
