import * as rxjs from 'rxjs';

import * as index from '../../src/index.js';

/** The operators under test, as RxJS has them: a pipeline is written once, and runs with either. */
export type Library = typeof rxjs;

export const theirs: Library = { ...rxjs };
/** A name that it lacks fails where it is used. */
export const ours = { ...index } as unknown as Library;
