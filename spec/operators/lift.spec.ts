import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Operator } from 'rxjs';
import { NEVER, Observable } from 'rxjs';

import { CheckpointedObservable } from '../../src/operators/base/CheckpointedObservable.js';
import { fromObservable } from '../../src/sources/fromObservable.js';
import type { Value } from '../support/InputSpec.js';
import type { Library } from '../support/Library.js';
import { ours, theirs } from '../support/Library.js';
import { operatorCases } from '../support/operatorCases.js';
import { seed } from '../support/seed.js';
import type { OperatorUse, Stage } from '../support/Stage.js';

/** A user's own kind of Observable, which RxJS's operators keep. */
class Marked<T> extends Observable<T> {
  override lift<R>(operator?: Operator<T, R>): Observable<R> {
    const lifted = new Marked<R>();
    lifted.source = this;
    lifted.operator = operator;
    return lifted;
  }
}

function stageOf(create: () => Observable<Value>): Stage {
  const source = create();
  const others = [create(), create()] as const;
  return { source, others, inner: create, pipedInner: create, pause: create, note: () => {}, ms: (frames) => frames };
}

const isMarked = (rx: Library, { apply }: OperatorUse): boolean =>
  apply(
    rx,
    stageOf(() => new Marked()),
  ) instanceof Marked;

describe.each(operatorCases)('$name', ({ uses }) => {
  test('keeps the subclass of its source where RxJS does', () => {
    const lifting = uses.filter(({ options }) => options.adopts !== true);
    fc.assert(
      fc.property(lifting, (use) => expect(isMarked(ours, use)).toBe(isMarked(theirs, use))),
      { numRuns: 100, seed },
    );
  });

  test('makes a pipeline of a pipeline', () => {
    const usesInJobs = uses.filter(({ options }) => options.notInJobs === undefined);
    fc.assert(
      fc.property(usesInJobs, ({ apply }) => {
        expect(
          apply(
            ours,
            stageOf(() => fromObservable(NEVER)),
          ),
        ).toBeInstanceOf(CheckpointedObservable);
      }),
      { numRuns: 100, seed },
    );
  });
});
