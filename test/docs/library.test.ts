import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as voxterm from '../../src/index.js';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');

interface Example {
  readonly name: string;
  readonly code: string;
  readonly runs: boolean;
}

/** What a page shows as TypeScript. Pieces without imports are about a session that is there. */
function examplesOf(page: string): Example[] {
  const text = readFileSync(join(root, 'docs', page), 'utf8');
  return [...text.matchAll(/^```ts( run)?\n([\s\S]*?)^```$/gm)].map(([, runs, code = ''], index) => ({
    name: `${page.replace('.md', '')}-${index + 1}.ts`,
    code: code.includes('import ')
      ? code
      : `import * as voxterm from 'voxterm';\ndeclare const session: voxterm.AgentSession;\n${code}`,
    runs: runs !== undefined,
  }));
}

const examples = ['library.md', 'agents.md'].flatMap(examplesOf);

describe('the examples of the documentation', () => {
  it('compile', { timeout: 120_000 }, () => {
    const sources = new Map(examples.map(({ name, code }) => [join(here, name), `${code}\nexport {};\n`]));
    const options: ts.CompilerOptions = {
      ...ts.parseJsonConfigFileContent({ extends: './tsconfig.json' }, ts.sys, root).options,
      noEmit: true,
      paths: { voxterm: [join(root, 'src/index.ts')] },
    };
    const host = ts.createCompilerHost(options);
    const { fileExists, readFile, getSourceFile } = host;
    host.fileExists = (path) => sources.has(path) || fileExists(path);
    host.readFile = (path) => sources.get(path) ?? readFile(path);
    host.getSourceFile = (path, ...rest) => {
      const source = sources.get(path);
      return source === undefined
        ? getSourceFile(path, ...rest)
        : ts.createSourceFile(path, source, ts.ScriptTarget.ES2023);
    };
    const program = ts.createProgram([...sources.keys()], options, host);
    const problems = [...sources.keys()].flatMap((path) => {
      const file = program.getSourceFile(path);
      return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
        ({ messageText }) => `${path}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
      );
    });
    expect(problems).toEqual([]);
  });

  it.each(examples.filter(({ runs }) => runs))('run: $name', async ({ code }) => {
    const body = code.replace(/^import .*$/gm, '');
    const { outputText } = ts.transpileModule(`export async function main() {${body}}`, {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS },
    });
    const printed: string[] = [];
    const exported: { main?: () => Promise<void> } = {};
    const console = { log: (...words: unknown[]) => printed.push(words.join(' ')) };
    new Function('exports', 'voxterm', 'z', 'console', outputText)(exported, voxterm, z, console);
    await exported.main?.();
    expect(printed.join('\n')).toMatch(/get_time .*\n|triage -> billing/);
  });
});
