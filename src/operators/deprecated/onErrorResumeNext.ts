import { onErrorResumeNextWith } from '../onErrorResumeNextWith.js';

/** @deprecated Use `onErrorResumeNextWith`, which is the same. */
export const onErrorResumeNext: typeof onErrorResumeNextWith = onErrorResumeNextWith;
