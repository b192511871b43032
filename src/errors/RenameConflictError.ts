import { CheckpointError } from './CheckpointError.js';

/** It cannot be told which snapshot a renamed operator is to get. */
export class RenameConflictError extends CheckpointError {
  readonly code = 'rename-conflict';
  /** The name that the operator has now. */
  readonly operator: string;
  /** The old name that is in question. */
  readonly was: string;

  constructor(details: {
    operator: string;
    was: string;
    problem: 'both-stored' | 'two-claim' | 'name-in-use' | 'journal-not-empty';
  }) {
    const { operator, was, problem } = details;
    super(`Operator '${operator}' cannot take over the state of '${was}': ${explain(problem, was)}`);
    this.operator = operator;
    this.was = was;
  }
}

function explain(problem: 'both-stored' | 'two-claim' | 'name-in-use' | 'journal-not-empty', was: string): string {
  switch (problem) {
    case 'both-stored':
      return `the checkpoint has both, or several of its old names, so one of the states would be lost. Take '${was}' out of \`was\` and keep an operator of that name, or drop its state with allowNonRestoredState.`;
    case 'two-claim':
      return 'another operator says that it was called so, too. Only one of them can have been: correct `was`.';
    case 'name-in-use':
      return 'another operator has that uid now, and one of them would start empty. Give the other one a new uid.';
    case 'journal-not-empty':
      return 'it is a journaled source, and values wait in its journal. Start the program with the old uid, stop() it when they are through, and rename it then.';
  }
}
