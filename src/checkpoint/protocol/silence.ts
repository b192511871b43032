import type { Snapshot } from './Snapshot.js';

/** What the name of a source that is silent ends with, behind that of whoever it is the input of. */
export const SILENT = '>live';

/** The state of one that would be silent anywhere. */
export const NOTHING: object = Object.freeze({ never: true });

/** Whether nothing is lost with that snapshot. */
export function holdsNothing(name: string, { state }: Snapshot): boolean {
  // A uid may end like that, too. What users' values are in has other keys.
  return name.endsWith(SILENT) && typeof state === 'object' && state !== null && 'never' in state;
}
