import type { TestRunner } from '../../src/testing/contract/runner.js';

export interface Verdict {
  readonly test: string;
  /** Undefined: it has passed. */
  readonly error: unknown;
}

/** A runner that runs the tests it was given when it is asked to, and says what became of them. */
export class CollectedTests {
  private readonly path: string[] = [];
  private readonly tests: { readonly name: string; readonly run: () => void | Promise<void> }[] = [];

  readonly describe: TestRunner['describe'] = (name, suite) => {
    this.path.push(name);
    suite();
    this.path.pop();
  };

  readonly it: TestRunner['it'] = (name, run) => {
    this.tests.push({ name: [...this.path, name].join(' > '), run });
  };

  async run(): Promise<Verdict[]> {
    const verdicts: Verdict[] = [];
    for (const { name, run } of this.tests) {
      const error: unknown = await Promise.resolve()
        .then(run)
        .then(
          () => undefined,
          (reason: unknown) => reason,
        );
      verdicts.push({ test: name, error });
    }
    return verdicts;
  }
}
