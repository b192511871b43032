/** One promise of a contract, as a test: it rejects with an error that says what was broken. */
export interface ContractCase {
  readonly name: string;
  run(): Promise<void>;
}

/** What a test runner has: that of Jest, Vitest, Mocha and `node:test` alike. */
export interface TestRunner {
  describe(name: string, body: () => void): unknown;
  it(name: string, body: () => Promise<void>): unknown;
}

/**
 * Makes a test of each case of a contract.
 *
 * @example
 * import { describe, it } from 'node:test';
 * registerContract({ describe, it }, 'myStorage keeps the contract:', storageContract(() => ({ reopen: myStorage })));
 */
export function registerContract(runner: TestRunner, name: string, cases: readonly ContractCase[]): void {
  runner.describe(name, () => {
    for (const contractCase of cases) runner.it(contractCase.name, () => contractCase.run());
  });
}
