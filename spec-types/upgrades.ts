// uid's options: what compiles, and what must not.
import { from, range as rxRange } from 'rxjs';
import type { CheckpointedObservable, RestoreCheck, RestoreReport, Savepoint } from 'rxjs-checkpoint';
import { CheckpointSubject, fromArray, memoryStorage, scan, uid } from 'rxjs-checkpoint';

interface TotalV1 {
  sum: number;
}
interface TotalV2 {
  total: number;
}

const numbers$ = fromArray([1, 2, 3]);
const total = scan((state: TotalV2, n: number) => ({ total: state.total + n }), { total: 0 });

// The type of the values goes through, whatever the options are.
const plain$: CheckpointedObservable<number> = numbers$.pipe(uid('numbers'));
const renamed$: CheckpointedObservable<number> = numbers$.pipe(uid('numbers', { was: 'n' }));
const several$: CheckpointedObservable<number> = numbers$.pipe(uid('numbers', { was: ['n', 'm'] }));
const typed$: CheckpointedObservable<TotalV2> = numbers$.pipe(
  total,
  uid('total', { version: 2, migrate: ({ sum }: TotalV1): TotalV2 => ({ total: sum }) }),
);
const steps$: CheckpointedObservable<TotalV2> = numbers$.pipe(
  total,
  uid('total', { was: 'sum', version: 3, migrate: { 1: (n: number) => ({ sum: n }), 2: (old: TotalV1) => old.sum } }),
);
const byVersion$: CheckpointedObservable<TotalV2> = numbers$.pipe(
  total,
  uid('total', { version: 3, migrate: (old: TotalV1 | number, version) => (version === 1 ? { total: 0 } : old) }),
);
const unknownOld$: CheckpointedObservable<TotalV2> = numbers$.pipe(
  total,
  // What nobody declared has to be looked at first.
  uid('total', { version: 2, migrate: (old) => (typeof old === 'number' ? { total: old } : old) }),
);
const onPlain$ = rxRange(3).pipe(uid('numbers', { was: 'n' }));

// @ts-expect-error an old state that nobody declared is unknown
// eslint-disable-next-line @typescript-eslint/no-unsafe-return -- what the compiler is to refuse
uid('total', { version: 2, migrate: (old) => old.sum });
// @ts-expect-error the version is missing
uid('total', { migrate: (old: TotalV1) => old.sum });
// @ts-expect-error what leads to version 2 is missing
uid('total', { version: 2 });
// @ts-expect-error version 1 has nothing before it, so a version has to be a number
uid('total', { version: '2', migrate: (old: TotalV1) => old.sum });
// @ts-expect-error an old name is a text
uid('total', { was: 7 });
// @ts-expect-error steps are functions
uid('total', { version: 2, migrate: { 1: 'sum' } });
// @ts-expect-error there is no such option
uid('total', { wa: 'sum' });

const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
const checked: Promise<RestoreCheck> = checkpoints.check(typed$, { from: 'before-deploy' });
const savepoint: Promise<Savepoint> = checkpoints.stop({ savepoint: 'before-deploy' });
checkpoints.recover(typed$, { from: 7, onRestore: (report: RestoreReport) => report.matched.length });
checkpoints.recover(typed$, { from: new Uint8Array(0), allowNonRestoredState: true });
// @ts-expect-error a stopped job without a name gives a checkpoint
const unnamed: Promise<Savepoint> = checkpoints.stop();
// @ts-expect-error a pipeline begins with a savepoint, not with several
checkpoints.recover(typed$, { from: ['a', 'b'] });
// @ts-expect-error a dry run gives its report back
void checkpoints.check(typed$, { onRestore: () => {} });

export { byVersion$, checked, from, onPlain$, plain$, renamed$, savepoint, several$, steps$, unknownOld$, unnamed };
