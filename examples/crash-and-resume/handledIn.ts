import type { Checkpoint } from 'rxjs-checkpoint';

/** After which record (counted from 1) the checkpoint stands; null when the pipeline has completed. */
export function handledIn({ operators }: Checkpoint): number | null {
  const scan = operators.checksum?.state as { readonly index: number } | undefined;
  return scan?.index ?? null;
}
