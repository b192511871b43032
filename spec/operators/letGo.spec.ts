import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { describe, expect, test } from '@jest/globals';
import type { Observable } from 'rxjs';
import { NEVER, Subject } from 'rxjs';

import type { Library } from '../support/Library.js';
import { ours, theirs } from '../support/Library.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

interface Payload {
  readonly id: number;
}

const uses: Record<string, (rx: Library, values$: Observable<Payload>) => Observable<unknown>> = {
  mergeMap: (rx, values$) => values$.pipe(rx.mergeMap(() => NEVER)),
  concatMap: (rx, values$) => values$.pipe(rx.concatMap(() => NEVER)),
  switchMap: (rx, values$) => values$.pipe(rx.switchMap(() => NEVER)),
  exhaustMap: (rx, values$) => values$.pipe(rx.exhaustMap(() => NEVER)),
  mergeScan: (rx, values$) => values$.pipe(rx.mergeScan(() => NEVER, 0)),
  expand: (rx, values$) => values$.pipe(rx.expand(() => NEVER)),
  throttle: (rx, values$) =>
    values$.pipe(
      rx.throttle(() => NEVER),
      rx.map(() => 0),
    ),
  audit: (rx, values$) => values$.pipe(rx.audit(() => NEVER)),
  windowToggle: (rx, values$) => NEVER.pipe(rx.windowToggle(values$, () => NEVER)),
  delayWhen: (rx, values$) => values$.pipe(rx.delayWhen(() => NEVER)),
};

/** Which values are still on the heap, while the stream lives. */
async function keptBy(rx: Library, use: (typeof uses)[string]): Promise<readonly number[]> {
  const values$ = new Subject<Payload>();
  const seen: WeakRef<Payload>[] = [];
  const subscription = use(rx, values$).subscribe();
  const send = (): void => {
    const value = { id: seen.length };
    seen.push(new WeakRef(value));
    values$.next(value);
  };
  for (let i = 0; i < 4; i++) send();
  // What a WeakRef was made for stays until the next task.
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  const kept = seen.flatMap((value, id) => (value.deref() === undefined ? [] : [id]));
  subscription.unsubscribe();
  return kept;
}

describe('outside of a job a value is let go when RxJS lets it go, though its inner lives', () => {
  test.each(Object.entries(uses))('%s', async (_, use) => {
    const kept = await keptBy(theirs, use);
    // Sooner is as good.
    expect(kept).toEqual(expect.arrayContaining([...(await keptBy(ours, use))]));
  });
});
