// `node --import ./test/typescript-hooks.mjs file.ts`: runs our TypeScript from source on every supported Node, for
// programs that a test starts as a child process.
import { existsSync, readFileSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import ts from 'typescript';

// Node 26 warns of `register` on standard error, which tests read; Node 20 has nothing else.
if (module.registerHooks !== undefined) module.registerHooks({ resolve, load });
else if (isMainThread) module.register(import.meta.url);

export function resolve(specifier, context, next) {
  if (specifier.startsWith('.') && specifier.endsWith('.js')) {
    const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(fileURLToPath(source))) return { url: source.href, shortCircuit: true };
  }
  return next(specifier, context);
}

export function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const compilerOptions = { module: 'esnext', target: 'es2023', verbatimModuleSyntax: true };
  const { outputText } = ts.transpileModule(readFileSync(fileURLToPath(url), 'utf8'), { compilerOptions });
  return { format: 'module', source: outputText, shortCircuit: true };
}
