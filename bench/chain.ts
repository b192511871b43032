import * as rxjs from 'rxjs';
import { CheckpointSubject, filter, fromArray, map, memoryStorage, scan } from 'rxjs-checkpoint';

// One closure each, as in an app that has one such pipeline. The same for all sides.
const toMinutes = (delay: number): number => delay + 3;
const isLate = (minutes: number): boolean => minutes > 10;
const add = (sum: number, minutes: number): number => (sum + minutes) & 0xffff;

let last = 0;
const sink = { next: (sum: number): void => void (last = sum) };

/** Small integers, as delays of flights in minutes are: from -60 to 119. */
export function delays(length: number): Int8Array {
  return Int8Array.from({ length }, (_, i) => ((i * 7919) % 180) - 60);
}

export function stockRxjs(array: ArrayLike<number>): number {
  rxjs.from(array).pipe(rxjs.map(toMinutes), rxjs.filter(isLate), rxjs.scan(add, 0)).subscribe(sink);
  return last;
}

const chain = (array: ArrayLike<number>) => fromArray(array).pipe(map(toMinutes), filter(isLate), scan(add, 0));

export function outside(array: ArrayLike<number>): Promise<number> {
  return finished(chain(array));
}

export async function inJob(
  array: ArrayLike<number>,
  trigger?: rxjs.Observable<unknown>,
  onCheckpoint?: () => void,
): Promise<number> {
  const checkpoints = new CheckpointSubject({ storage: memoryStorage(), trigger });
  checkpoints.subscribe(() => onCheckpoint?.());
  return finished(checkpoints.recover(chain(array)));
}

function finished(sums$: rxjs.Observable<number>): Promise<number> {
  return new Promise((resolve, reject) => {
    sums$.subscribe({ next: sink.next, error: reject, complete: () => resolve(last) });
  });
}
