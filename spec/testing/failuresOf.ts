import type { ContractCase } from '../../src/testing/contracts/ContractCase.js';

/** The cases that fail, each with its message. */
export async function failuresOf(cases: readonly ContractCase[]): Promise<string[]> {
  const failures: string[] = [];
  for (const { name, run } of cases) {
    try {
      await run();
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message}`);
    }
  }
  return failures;
}
