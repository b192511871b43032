import { CheckpointError } from './CheckpointError.js';

/** What a restart would not bring back: the content of a Subject, or that it is one for several subscriptions. */
export type ConnectorProblem = 'content' | 'one-for-all';

/** A `connector` makes a Subject that a job cannot restore. */
export class UnsupportedConnectorError extends CheckpointError {
  readonly code = 'unsupported-connector';

  constructor(
    readonly operator: string,
    problem: ConnectorProblem = 'content',
    /** The classes of RxJS that it may make. */
    supported: readonly string[] = ['Subject', 'BehaviorSubject', 'ReplaySubject', 'AsyncSubject'],
  ) {
    super(
      problem === 'content'
        ? `The connector of '${operator}' makes a Subject whose content cannot be stored, so a restart would lose it. ` +
            `In a job let it make a ${supported.slice(0, -1).join(', ')} or ${supported[supported.length - 1]} of RxJS, not of a subclass.`
        : `'${operator}' was given one Subject for all its subscriptions, which a restart would begin anew between two of them. ` +
            'In a job give it a function that makes the Subject, or use connect(selector).',
    );
  }
}
