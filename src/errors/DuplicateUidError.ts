import { CheckpointError } from './CheckpointError.js';

const explanations = {
  'two-nodes':
    'two operators have it (or one that a function makes each time it is called), so their snapshots could not be told apart. ' +
    'Give each operator a uid of its own.',
  'same-node':
    'the same stream is used in two places, which are two subscriptions with one name. ' +
    'Put share() before its uid to have one subscription for both, or build the stream twice with two uids.',
  'late-name':
    'a shared stream is used both with this uid and without. Put the uid right after share(), where the stream is made, and use the result everywhere.',
};

/** A uid stands for more than one operator. */
export class DuplicateUidError extends CheckpointError {
  readonly code = 'duplicate-uid';

  constructor(
    readonly uid: string,
    readonly kind: keyof typeof explanations | 'absent-pipeline',
    /** Whose it is, if these are absent. */
    readonly pipelines: readonly string[] = [],
  ) {
    super(kind === 'absent-pipeline' ? taken(uid, pipelines) : `The uid '${uid}' is not unique: ${explanations[kind]}`);
  }
}

function taken(uid: string, pipelines: readonly string[]): string {
  const names = pipelines.map((name) => `'${name}'`).join(', ');
  return (
    `The uid '${uid}' is taken: the newest checkpoint has the state of an operator with that uid for pipeline ${names}, which is not there, ` +
    `and the next checkpoint would lose it. If they share this operator, subscribe ${names} first; if the program does not have ${names} ` +
    `any more: new CheckpointSubject({ …, dropPipelines: [${names}] }); else choose another uid.`
  );
}
