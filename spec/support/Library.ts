import * as rxjs from 'rxjs';

import { bufferCount } from '../../src/operators/bufferCount.js';
import { bufferTime } from '../../src/operators/bufferTime.js';
import { catchError } from '../../src/operators/catchError.js';
import { combineLatest } from '../../src/operators/combineLatest.js';
import { concat } from '../../src/operators/concat.js';
import { concatMap } from '../../src/operators/concatMap.js';
import { debounceTime } from '../../src/operators/debounceTime.js';
import { delay } from '../../src/operators/delay.js';
import { distinctUntilChanged } from '../../src/operators/distinctUntilChanged.js';
import { filter } from '../../src/operators/filter.js';
import { groupBy } from '../../src/operators/groupBy.js';
import { map } from '../../src/operators/map.js';
import { merge } from '../../src/operators/merge.js';
import { mergeMap } from '../../src/operators/mergeMap.js';
import { mergeWith } from '../../src/operators/mergeWith.js';
import { pairwise } from '../../src/operators/pairwise.js';
import { reduce } from '../../src/operators/reduce.js';
import { repeat } from '../../src/operators/repeat.js';
import { retry } from '../../src/operators/retry.js';
import { scan } from '../../src/operators/scan.js';
import { share } from '../../src/operators/share.js';
import { skip } from '../../src/operators/skip.js';
import { startWith } from '../../src/operators/startWith.js';
import { switchMap } from '../../src/operators/switchMap.js';
import { take } from '../../src/operators/take.js';
import { tap } from '../../src/operators/tap.js';
import { withLatestFrom } from '../../src/operators/withLatestFrom.js';

const implemented = {
  bufferCount,
  bufferTime,
  catchError,
  combineLatest,
  concat,
  concatMap,
  debounceTime,
  delay,
  distinctUntilChanged,
  filter,
  groupBy,
  map,
  merge,
  mergeMap,
  mergeWith,
  pairwise,
  reduce,
  repeat,
  retry,
  scan,
  share,
  skip,
  startWith,
  switchMap,
  take,
  tap,
  withLatestFrom,
};

/** The operators under test, as RxJS has them: a pipeline is written once, and runs with either. */
export type Library = Pick<typeof rxjs, keyof typeof implemented>;

export const theirs: Library = rxjs;
export const ours = implemented as unknown as Library;
