import { mergeMap } from './mergeMap.js';

/** @deprecated The old name of `mergeMap`. */
export const flatMap: typeof mergeMap = mergeMap;
