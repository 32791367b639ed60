/**
 * What the contract needs from a test runner: vitest, jest, or any other with their `describe`, `it` and `expect`.
 * Of `expect` only `toEqual` is used, which compares deeply and treats an undefined field as missing.
 */
export interface TestRunner {
  describe(name: string, suite: () => void): unknown;
  it(name: string, test: () => void | Promise<void>): unknown;
  expect(actual: unknown): { toEqual(expected: unknown): unknown };
}
