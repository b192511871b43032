import { mergeMap } from './mergeMap.js';

/**
 * The old name of `mergeMap`.
 *
 * **Checkpoint:** as `mergeMap`. A restore does the same as there.
 *
 * @deprecated The old name of `mergeMap`.
 */
export const flatMap: typeof mergeMap = mergeMap;
