import { invariant } from '../../errors/invariant.js';

const DIGITS = 12;
const PATTERN = /^checkpoint-(\d{12})$/;

/** The name of a checkpoint in the storage; of fixed width, so that names sort as ids do. */
export function checkpointName(id: number): string {
  invariant(
    Number.isInteger(id) && id >= 0 && id < 10 ** DIGITS,
    `checkpoint id ${id} is not a number of ${DIGITS} digits`,
  );
  return `checkpoint-${String(id).padStart(DIGITS, '0')}`;
}

/** The id in a checkpoint's name; undefined for a name that is none of ours. */
export function checkpointIdOf(name: string): number | undefined {
  const digits = PATTERN.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
