import { CheckpointError } from './CheckpointError.js';

/** A stored snapshot is intact, byte by byte, but cannot be turned back into a value here. */
export class UnreadableSnapshotError extends CheckpointError {
  readonly code = 'unreadable-snapshot';
  /** E.g. `it holds a value of type 'error', which this job does not know`. */
  readonly problem: string;
  /** The operator whose snapshot it is, once that is known. */
  readonly operator: string | undefined;

  constructor(details: { problem: string; operator?: string | undefined; cause?: unknown }) {
    const { problem, operator, cause } = details;
    const whose = operator === undefined ? 'A snapshot' : `The snapshot of operator '${operator}'`;
    super(
      `${whose} cannot be read back: ${problem}. Going on without it would lose state. ` +
        'Start with the version of the program and of rxjs-checkpoint that wrote it.',
      { cause },
    );
    this.problem = problem;
    this.operator = operator;
  }

  /** The same error, naming the operator. */
  of(operator: string): UnreadableSnapshotError {
    return new UnreadableSnapshotError({ problem: this.problem, operator, cause: this.cause });
  }
}
