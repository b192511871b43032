/**
 * A job that takes one checkpoint after the other until it is killed: some operators change each time, some seldom, so that
 * packs are kept for others, rewritten and removed all the time.
 *
 *     node busyJob.mjs DIRECTORY
 */
import { Subject } from 'rxjs';
import {
  CheckpointSubject,
  filter,
  groupBy,
  interval,
  journaled,
  map,
  merge,
  mergeMap,
  scan,
  share,
  uid,
} from 'rxjs-checkpoint';
import { fileStorage } from 'rxjs-checkpoint/node';

const checkpoints = new CheckpointSubject({ storage: fileStorage(process.argv[2]!) });
const clicks$ = new Subject<number>();
const ticks$ = interval(1).pipe(uid('ticks'), share(), uid('shared'));
const every = (n: number) =>
  ticks$.pipe(
    filter((tick) => tick % n === 0),
    scan((sum, tick) => sum + tick, 0),
    uid(`every-${n}`),
  );
const counts$ = ticks$.pipe(
  groupBy((tick) => tick % 3),
  uid('groups'),
  mergeMap((group) =>
    group.pipe(
      map((tick) => tick),
      scan((count) => count + 1, 0),
      uid('count'),
    ),
  ),
  uid('counts'),
);

checkpoints.recover(merge(every(1), every(7), every(50), every(333), counts$), { name: 'sums' }).subscribe();
checkpoints
  .recover(
    journaled(clicks$).pipe(
      uid('clicks'),
      scan((n) => n + 1, 0),
      uid('clicked'),
    ),
    { name: 'clicks' },
  )
  .subscribe();
setInterval(() => clicks$.next(1), 3);
checkpoints.subscribe(({ id }) => {
  console.log(id);
  checkpoints.next();
});
checkpoints.failures$.subscribe(({ reason, message }) => {
  if (reason !== 'not-running' && reason !== 'too-many-pending') console.error(message);
});
const first = setInterval(() => checkpoints.next(), 20);
checkpoints.subscribe(() => clearInterval(first));
