import { argumentList } from '../../src/tools/command/argument-list.js';
import { ToolError } from '../../src/tools/definition/tool-error.js';
import type { FuzzTarget } from '../fuzzing/target.js';

const templates = ['show', '{{a}}', '{{b}}', '--', '{{a}}'];

export const target: FuzzTarget = {
  about: 'arguments of programs: one for each value, and no option before "--"',
  attempt(random) {
    const value = () =>
      random.pick([random.text(20), `-${random.text(5)}`, random.json(), [random.text(5), '-x'], '']);
    const args = { a: value(), b: value() };
    return {
      shown: JSON.stringify(args),
      run: () => {
        let list: readonly string[];
        try {
          list = argumentList(templates, args);
        } catch (error) {
          if (error instanceof ToolError) return;
          throw error;
        }
        const values = [args.a, args.b].reduce<number>(
          (count, each) => count + numberOf(each),
          numberOf(args.a),
        );
        if (list.length !== 2 + values) throw new Error(`${list.length} arguments for ${values} values`);
        const before = list.slice(0, 1 + numberOf(args.a) + numberOf(args.b));
        if (before.some((argument) => argument.startsWith('-'))) throw new Error('an option of the model');
        if (list.some((argument) => argument.includes('\0'))) throw new Error('a NUL');
      },
    };
  },
};

function numberOf(value: unknown): number {
  return value === undefined || value === null ? 0 : Array.isArray(value) ? value.length : 1;
}
