import { CheckpointError } from './CheckpointError.js';

/** A snapshot holds something that cannot be stored and read back as the same value. */
export class UnstorableValueError extends CheckpointError {
  readonly code = 'unstorable-value';
  /** Where in the snapshot, e.g. `state.users[3].name`. */
  readonly path: string;
  /** What is there and what to do instead. */
  readonly problem: string;
  /** The operator whose snapshot it is, once that is known. */
  readonly operator: string | undefined;

  constructor(details: {
    path: string;
    problem: string;
    operator?: string | undefined;
    /** Set for a value of a source, which is stored before it is emitted. */
    isJournaled?: boolean;
    cause?: unknown;
  }) {
    const { path, problem, operator, isJournaled = false, cause } = details;
    const what = isJournaled ? 'A value of journaled source' : 'The state of operator';
    super(`${operator === undefined ? 'A snapshot' : `${what} '${operator}'`} cannot be stored: ${path} ${problem}`, {
      cause,
    });
    this.path = path;
    this.problem = problem;
    this.operator = operator;
  }

  /** The same error, naming the operator. */
  of(operator: string): UnstorableValueError {
    return new UnstorableValueError({ path: this.path, problem: this.problem, operator, cause: this.cause });
  }

  /** The same error, of a value of that source. */
  inJournalOf(source: string): UnstorableValueError {
    const path = this.path.replace(/^state\./, '');
    return new UnstorableValueError({
      path,
      problem: this.problem,
      operator: source,
      isJournaled: true,
      cause: this.cause,
    });
  }
}
