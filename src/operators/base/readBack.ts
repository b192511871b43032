import { UnreadableSnapshotError } from '../../errors/UnreadableSnapshotError.js';

/** A state that was edited into another shape is refused with the operator's name, not with what the operator stumbled over. */
export function readBack<R>(operator: string, read: () => R): R {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const problem = `its state has another shape than the operator gives it (${error.message})`;
    throw new UnreadableSnapshotError({ problem, operator, cause: error });
  }
}
