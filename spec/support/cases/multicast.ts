import fc from 'fast-check';
import type { MonoTypeOperatorFunction, Observable } from 'rxjs';
import { AsyncSubject, asyncScheduler, BehaviorSubject, ReplaySubject } from 'rxjs';

import type { Value } from '../InputSpec.js';
import type { Library } from '../Library.js';
import type { OperatorUse, OperatorCase, Stage } from '../Stage.js';
import { use } from '../Stage.js';
import { double, isOdd, sum } from './callbacks.js';

type Sharing = (rx: Library, stage: Stage) => MonoTypeOperatorFunction<Value>;

const remaining = {
  shares: true,
  differsInJobs: 'all branches are there before the shared source opens (docs: share)',
  remainsInJob: 'what it remembers is for whoever joins later',
};

/** A shared stream that is used several times: at once, later, when all others have left, and again after an end. */
function usedOften(code: string, sharing: Sharing): fc.Arbitrary<OperatorUse> {
  return fc.constantFrom(
    use(code, (rx, stage) => stage.source.pipe(sharing(rx, stage)), remaining),
    use(
      `${code}, merge`,
      (rx, stage) => {
        const shared = stage.source.pipe(sharing(rx, stage));
        return rx.merge(shared, shared.pipe(rx.map(double)));
      },
      remaining,
    ),
    use(
      `${code}, concat(take(1), pause, it)`,
      (rx, stage) => {
        const shared = stage.source.pipe(sharing(rx, stage));
        return rx.concat(shared.pipe(rx.take(1)), stage.pause(2), shared.pipe(rx.map((x, i) => [x, i])));
      },
      remaining,
    ),
    use(
      `${code}, merge(it, concat(pause, it))`,
      (rx, stage) => {
        const shared = stage.source.pipe(sharing(rx, stage));
        return rx.merge(shared, rx.concat(stage.pause(3), shared.pipe(rx.scan(sum, 0))));
      },
      remaining,
    ),
    use(
      `${code}, merge, retry(1)`,
      (rx, stage) => {
        const shared = stage.source.pipe(sharing(rx, stage));
        return rx.merge(shared, shared.pipe(rx.skip(1))).pipe(rx.retry(1));
      },
      remaining,
    ),
    use(
      `${code}, repeat({ delay })`,
      (rx, stage) => stage.source.pipe(sharing(rx, stage), rx.take(3), rx.repeat({ count: 2, delay: stage.ms(2) })),
      remaining,
    ),
    use(
      `groupBy, ${code}, used late`,
      (rx, stage) => {
        const groups = stage.source.pipe(
          rx.groupBy(isOdd),
          sharing(rx, stage) as unknown as MonoTypeOperatorFunction<Observable<Value>>,
        );
        return rx.merge(
          groups.pipe(rx.mergeMap((g) => g.pipe(rx.map(double)))),
          rx.concat(stage.pause(4) as Observable<never>, groups).pipe(rx.mergeMap((g) => g)),
        );
      },
      remaining,
    ),
  );
}

const size = fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined });
const span = fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined });

/** What has one subscription to its source for many subscribers, and remembers for those who come later. */
export const multicasts: readonly OperatorCase[] = [
  {
    name: 'share with a connector that remembers',
    uses: fc.oneof(
      ...[false, true].flatMap((reset) => [
        usedOften(`share(Replay(2), ${reset})`, (rx) =>
          rx.share({
            connector: () => new ReplaySubject(2),
            resetOnError: reset,
            resetOnComplete: reset,
            resetOnRefCountZero: reset,
          }),
        ),
        usedOften(`share(Async, ${reset})`, (rx) =>
          rx.share({
            connector: () => new AsyncSubject(),
            resetOnError: reset,
            resetOnComplete: reset,
            resetOnRefCountZero: reset,
          }),
        ),
        usedOften(`share(Behavior, ${reset})`, (rx) =>
          rx.share({
            connector: () => new BehaviorSubject<Value>(7),
            resetOnError: reset,
            resetOnComplete: reset,
            resetOnRefCountZero: reset,
          }),
        ),
      ]),
    ),
    effort: 2,
  },
  {
    name: 'shareReplay',
    uses: fc.oneof(
      fc
        .record({ size, span, scheduler: fc.boolean() })
        .chain((args) =>
          usedOften(
            `shareReplay(${args.size}, ${args.span}${args.scheduler ? ', asyncScheduler' : ''})`,
            (rx, { ms }) =>
              args.scheduler
                ? rx.shareReplay(args.size, args.span === undefined ? undefined : ms(args.span), asyncScheduler)
                : rx.shareReplay(args.size, args.span === undefined ? undefined : ms(args.span)),
          ),
        ),
      fc.record({ size, span, refCount: fc.boolean() }).chain((args) =>
        usedOften(`shareReplay({ ${args.size}, ${args.span}, ${args.refCount} })`, (rx, { ms }) =>
          // eslint-disable-next-line rxjs-x/no-ignored-replay-buffer -- that is what is tried
          rx.shareReplay({
            ...(args.size !== undefined && { bufferSize: args.size }),
            ...(args.span !== undefined && { windowTime: ms(args.span) }),
            refCount: args.refCount,
          }),
        ),
      ),
      // eslint-disable-next-line rxjs-x/no-ignored-replay-buffer -- that is what is tried
      usedOften('shareReplay()', (rx) => rx.shareReplay()),
    ),
    effort: 3,
  },
];
