import { createContext, Script } from 'node:vm';

const script = new Script('work()');
let context: { work?: () => void } | undefined;

/**
 * Runs synchronous work that might never end, such as matching a pattern from outside, and interrupts it after
 * `limitMs`. Running it through `node:vm` is the only way to stop it; it is not a sandbox.
 * @throws whatever the work throws, or an error of Node when it takes longer.
 */
export function interruptAfter<Value>(limitMs: number, work: () => Value): Value {
  context ??= createContext({});
  const results: Value[] = [];
  context.work = () => results.push(work());
  try {
    script.runInContext(context, { timeout: limitMs });
  } finally {
    delete context.work;
  }
  const [result] = results;
  if (result === undefined) throw new Error('the work returned nothing');
  return result;
}
