import type { AssertDeepEqual } from './assertEqual.js';

/** Something that a test expects, to be compared after time has run to its end. */
export interface Expectation {
  /** The test has said what it expects. */
  readonly isReady: boolean;
  /** @throws Error that shows what is different. */
  check(assertDeepEqual: AssertDeepEqual): void;
}
