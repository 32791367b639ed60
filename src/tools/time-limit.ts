import { createContext, Script } from 'node:vm';

const script = new Script('work()');
let context: { work?: () => void } | undefined;

/**
 * Runs what might take for ever, such as a regular expression somebody else wrote, and would stop everything meanwhile.
 * @throws what the work throws, or an error of Node when it takes longer.
 */
export function withTimeLimit<Value>(limitMs: number, work: () => Value): Value {
  context ??= createContext({});
  const results: Value[] = [];
  context.work = () => results.push(work());
  try {
    script.runInContext(context, { timeout: limitMs });
  } finally {
    delete context.work;
  }
  const [result] = results;
  if (result === undefined) throw new Error('nothing came of it');
  return result;
}
