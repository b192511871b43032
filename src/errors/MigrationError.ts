import { CheckpointError } from './CheckpointError.js';
import { reasonOf } from './reasonOf.js';

/** What went wrong with the migration of a state. */
export type MigrationProblem =
  /** Nothing leads on from version `step`. */
  | { readonly type: 'no-step'; readonly step: number }
  /** The operator has no state that a user knows. */
  | { readonly type: 'no-state' }
  | { readonly type: 'thrown'; readonly cause: unknown }
  | { readonly type: 'promise' }
  | { readonly type: 'nothing' }
  /** What it returned cannot be stored. */
  | { readonly type: 'unstorable'; readonly cause: Error };

export interface MigrationDetails {
  /** The operator's full name. */
  readonly operator: string;
  /** The version before. */
  readonly from: number;
  /** The version that it was to become. */
  readonly to: number;
  readonly problem: MigrationProblem;
}

/** The state of an operator could not be brought to the version that the program has. */
export class MigrationError extends CheckpointError {
  readonly code = 'migration-failed';
  readonly operator: string;
  readonly from: number;
  readonly to: number;
  readonly problem: MigrationProblem['type'];

  constructor({ operator, from, to, problem }: MigrationDetails) {
    const cause = 'cause' in problem ? problem.cause : undefined;
    super(
      `The state of operator '${operator}' could not be brought from version ${from} to version ${to}: ${explain(problem)} ` +
        'Nothing was started, and what is stored is as it was.',
      { cause },
    );
    this.operator = operator;
    this.from = from;
    this.to = to;
    this.problem = problem.type;
  }
}

function explain(problem: MigrationProblem): string {
  switch (problem.type) {
    case 'no-step':
      return `no migration leads on from version ${problem.step}. Give one: uid(name, { version, migrate: { ${problem.step}: (old) => … } }).`;
    case 'no-state':
      return 'this operator keeps no state of yours. Give it a new uid without `was` to start it empty, with allowNonRestoredState for what the old one held.';
    case 'thrown':
      return `migrate threw. ${reasonOf(problem.cause)}.`;
    case 'promise':
      return 'migrate returned a Promise, and nothing can wait for it. Migrate synchronously.';
    case 'nothing':
      return 'migrate returned nothing. Return the new state, also if the old one was changed in place.';
    case 'unstorable':
      return `what migrate returned could not be stored. ${problem.cause.message}`;
  }
}
