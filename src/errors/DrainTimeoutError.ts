import { CheckpointError } from './CheckpointError.js';
import { pipelinesNamed } from './pipelinesNamed.js';

/** A job that was drained did not come to its end in time. */
export class DrainTimeoutError extends CheckpointError {
  readonly code = 'drain-timeout';
  readonly timeoutMs: number;
  /** The names of the pipelines that had not completed. */
  readonly pipelines: readonly string[];
  /** The names of the operators and sources that were still there. */
  readonly left: readonly string[];

  constructor(details: { timeoutMs: number; pipelines: readonly string[]; left: readonly string[] }) {
    const { timeoutMs, pipelines, left } = details;
    const shown = left.slice(0, 10).join(', ');
    const more = left.length > 10 ? ` and ${left.length - 10} more` : '';
    super(
      `The job was drained, and after ${timeoutMs} ms ${pipelinesNamed(pipelines)} had not completed: there are still ${shown}${more}. ` +
        'A restart begins with the checkpoint before the drain. An inner pipeline that never ends cannot be drained: ' +
        'end it, raise timeoutMs if it only needs longer, or stop() without drain.',
    );
    this.timeoutMs = timeoutMs;
    this.pipelines = pipelines;
    this.left = left;
  }
}
