import { CheckpointError } from './CheckpointError.js';

/** A checkpoint has no snapshot under the name that was asked for. */
export class OperatorNotFoundError extends CheckpointError {
  readonly code = 'operator-not-found';
  /** The checkpoint's name in the storage. */
  readonly checkpoint: string;
  readonly wanted: string;
  /** The names that the checkpoint has, those first that are like the wanted one. */
  readonly available: readonly string[];

  constructor(details: { checkpoint: string; wanted: string; available: readonly string[] }) {
    const { checkpoint, wanted } = details;
    const available = likeliestFirst(wanted, details.available);
    const first = available.slice(0, 20).join(', ');
    const more = available.length > 20 ? ` and ${available.length - 20} more` : '';
    super(
      `${checkpoint} has no operator '${wanted}'. ` +
        (available.length === 0
          ? 'It has none: all of its pipelines have completed.'
          : `It has: ${first}${more}. One without state is not in a checkpoint; one without a uid has a structural name.`),
    );
    this.checkpoint = checkpoint;
    this.wanted = wanted;
    this.available = available;
  }
}

function likeliestFirst(wanted: string, names: readonly string[]): string[] {
  const text = wanted.toLowerCase();
  const isLike = (name: string): boolean => name.toLowerCase().includes(text) || text.includes(name.toLowerCase());
  return [...names.filter(isLike), ...names.filter((name) => !isLike(name))];
}
