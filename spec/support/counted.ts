import { operate } from '../../src/index.js';

/** Hands on what comes, and has counted it: an operator of a user's own, for programs that get one more. */
export const counted = operate<number, number, number>({
  operator: 'counted',
  create: () => {
    let count = 0;
    return {
      next: (n, out) => (count++, out.next(n)),
      snapshotState: () => count,
      restoreState: (restored) => void (count = restored),
    };
  },
});
