import { CheckpointError } from './CheckpointError.js';

/** What a source had journaled cannot be handed on without a gap. */
export class DamagedJournalError extends CheckpointError {
  readonly code = 'damaged-journal';
  /** The storage's description. */
  readonly storage: string;
  /** The name in the storage of what is damaged. */
  readonly segment: string;
  /** What is wrong with it. */
  readonly problem: string;
  /** The name of the source, once that is known. */
  readonly source: string | undefined;

  constructor(details: { storage: string; segment: string; problem: string; source?: string | undefined }) {
    const { storage, segment, problem, source } = details;
    const prefix = segment.split('-').slice(0, 2).join('-');
    super(
      `The journal of source '${source ?? 'unknown'}' in the storage (${storage}) is damaged in its middle: ${segment} ${problem}. ` +
        'Going on with what is behind would silently lose what is missing. Restore the storage from a backup, ' +
        `or remove all whose names begin with '${prefix}-' to go on without what this source had emitted since the checkpoint.`,
    );
    this.storage = storage;
    this.segment = segment;
    this.problem = problem;
    this.source = source;
  }

  /** The same error, naming the source. */
  of(source: string): DamagedJournalError {
    const { storage, segment, problem } = this;
    return new DamagedJournalError({ storage, segment, problem, source });
  }
}
