import { CheckpointError } from './CheckpointError.js';

const explanations = {
  'two-nodes':
    'two operators have it, so their snapshots could not be told apart. Give each operator a uid of its own.',
  'same-node':
    'the same stream is used in two places, which are two subscriptions with one name. ' +
    'Put share() before its uid to have one subscription for both, or build the stream twice with two uids.',
  'absent-pipeline':
    'the newest checkpoint has a snapshot under it of another pipeline, which is not running, and the next checkpoint would lose that. ' +
    'Subscribe the other pipeline first if it shares this operator, else choose another uid.',
  'late-name':
    'a shared stream is used both with this uid and without. Put the uid right after share(), where the stream is made, and use the result everywhere.',
};

/** A uid stands for more than one operator. */
export class DuplicateUidError extends CheckpointError {
  readonly code = 'duplicate-uid';

  constructor(
    readonly uid: string,
    readonly kind: keyof typeof explanations,
  ) {
    super(`The uid '${uid}' is not unique: ${explanations[kind]}`);
  }
}
