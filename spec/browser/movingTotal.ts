import { asyncScheduler } from 'rxjs';
import type { CheckpointStorage, RestoreFrom } from 'rxjs-checkpoint';
import { CheckpointSubject, exportSavepoint, fromArray, importSavepoint, scan, uid } from 'rxjs-checkpoint';

export const RECORDS = 400;

/** What one process has made of it. */
export interface Journey {
  /** The first total that came out here, and the last. */
  readonly first: number;
  readonly last: number;
  readonly isComplete: boolean;
  /** Of the savepoint that it was stopped with. */
  readonly bytes: number[];
}

/**
 * Goes on with a total over some numbers where a savepoint of another process left it, and is stopped with one again as
 * soon as so many totals have come out: the same program in a browser and in Node.
 */
export async function travel(storage: CheckpointStorage, bytes: number[] | null, stopAfter: number): Promise<Journey> {
  let now = 0;
  // One record a timer tick, so that there is time to stop in.
  const slowly = { now: () => (now += 1_000), schedule: asyncScheduler.schedule.bind(asyncScheduler) };
  const numbers = Array.from({ length: RECORDS }, (_, i) => i + 1);
  const total$ = fromArray(numbers, { scheduler: slowly }).pipe(
    uid('numbers'),
    scan(
      (totals, n) => new Map([...totals, ['all', (totals.get('all') ?? 0n) + BigInt(n)]]),
      new Map<string, bigint>(),
    ),
    uid('totals'),
  );
  let from: RestoreFrom | undefined;
  if (bytes !== null) {
    await importSavepoint(storage, new Blob([Uint8Array.from(bytes)]), { name: 'arrived' });
    from = 'arrived';
  }
  const checkpoints = new CheckpointSubject({ storage });
  const totals: number[] = [];
  let isStopped = false;
  return new Promise((resolve, reject) => {
    const finish = async (): Promise<Journey> => {
      const journey = { first: totals[0]!, last: totals.at(-1)! };
      if (!isStopped) return { ...journey, isComplete: true, bytes: [] };
      return { ...journey, isComplete: false, bytes: [...(await exportSavepoint(storage, 'leaving'))] };
    };
    checkpoints.recover(total$, { from }).subscribe({
      next: (state) => {
        totals.push(Number(state.get('all')));
        if (totals.length !== stopAfter) return;
        isStopped = true;
        checkpoints.stop({ savepoint: 'leaving' }).catch(reject);
      },
      error: reject,
      complete: () => finish().then(resolve, reject),
    });
  });
}
