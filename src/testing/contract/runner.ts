/**
 * What the contract needs of a test runner: vitest, jest and everything that has `describe`, `it` and an `expect` like theirs.
 * Of `expect` only `toEqual` is used, which compares deeply and takes a field that is undefined for a missing one.
 */
export interface TestRunner {
  describe(name: string, suite: () => void): unknown;
  it(name: string, test: () => void | Promise<void>): unknown;
  expect(actual: unknown): { toEqual(expected: unknown): unknown };
}
