// The suite imports `globSync` of Node 22 for a command that is not used here. With this, it also starts with Node 20.
import { register } from 'node:module';

const fs = `export * from 'node:fs';
export function globSync() { throw new Error('There is no globSync here.'); }`;

const hooks = `
const url = 'data:text/javascript,' + encodeURIComponent(${JSON.stringify(fs)});
export function resolve(specifier, context, next) {
  const ours = specifier === 'fs' && context.parentURL?.includes('/conformance/dist/');
  return ours ? { url, shortCircuit: true } : next(specifier, context);
}`;

register(`data:text/javascript,${encodeURIComponent(hooks)}`);
