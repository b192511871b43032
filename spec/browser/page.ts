/** The page that the smoke test opens: runs a pipeline with checkpoints in IndexedDB, and tells `window.progress`. */
import { asyncScheduler, interval } from 'rxjs';
import {
  CheckpointSubject,
  delay,
  filter,
  fromArray,
  groupBy,
  map,
  mergeMap,
  reduce,
  scan,
  tap,
  uid,
} from 'rxjs-checkpoint';
import { localForageStorage } from 'rxjs-checkpoint/localforage';

import type { Progress } from './Progress.js';

const RECORDS = 2_000;

const progress: Progress = { first: null, last: null, checkpoints: 0, result: null, isComplete: false, problem: null };
(window as unknown as { progress: Progress }).progress = progress;

const checkpoints = new CheckpointSubject({
  storage: localForageStorage({ name: 'smoke', storeName: 'checkpoints' }),
  trigger: interval(20),
  takeOver: location.search === '?take-over',
});

/** One record a timer tick, so that there is time to kill the browser in. */
let now = 0;
const slowly = { now: () => (now += 1_000), schedule: asyncScheduler.schedule.bind(asyncScheduler) };

const total$ = fromArray(
  Array.from({ length: RECORDS }, (_, i) => i + 1),
  { scheduler: slowly },
).pipe(
  uid('numbers'),
  tap((n) => {
    progress.first ??= n;
    progress.last = n;
  }),
  filter((n) => n % 3 !== 0),
  groupBy((n) => n % 4),
  mergeMap((group) =>
    group.pipe(
      scan((sum, n) => sum + n, 0),
      delay(15),
      reduce((_, sum) => sum, 0),
    ),
  ),
  map((sum) => BigInt(sum)),
  reduce((sum, n) => sum + n, 0n),
  uid('total'),
);

checkpoints.subscribe(() => progress.checkpoints++);
checkpoints.failures$.subscribe(({ reason, message }) => {
  if (reason !== 'too-many-pending') progress.problem = `${reason}: ${message}`;
});
checkpoints.recover(total$).subscribe({
  next: (total) => (progress.result = String(total)),
  error: (error: unknown) => (progress.problem = `${(error as { code?: string }).code}: ${(error as Error).message}`),
  complete: () => (progress.isComplete = true),
});
