/**
 * Random programs whose shared parts are used by inner pipelines, most of the time by nobody: restored from checkpoints of
 * any step they go on as the same program of RxJS does without a break.
 */
import { expect, test } from '@jest/globals';
import type { MonoTypeOperatorFunction, Observable, OperatorFunction, ShareConfig } from 'rxjs';

import type { CheckpointedObservable } from '../../src/index.js';
import { uid } from '../../src/index.js';
import type { Random } from '../../src/testing/random.js';
import { random } from '../../src/testing/random.js';
import { format } from '../support/format.js';
import type { Library } from '../support/Library.js';
import { ours, theirs } from '../support/Library.js';
import { outputsInRxjs } from '../support/outputsInRxjs.js';
import type { Cut, Life } from '../support/VirtualJob.js';
import { liveInVirtualTime } from '../support/VirtualJob.js';

const LAST_FRAME = 150;
const PROGRAMS = 50;
const RESTORES = 6;

type Operator = OperatorFunction<number, number>;
/** Written once, for either library; `named` does nothing in RxJS. */
type Make<T> = (rx: Library, named: (name: string) => MonoTypeOperatorFunction<number>) => T;
type Stream = Make<(shared: readonly Observable<number>[]) => Observable<number>>;

/** Draws all that is random at once: a projection draws nothing any more. */
class Draw {
  constructor(private readonly random: Random) {}

  /** A fraction of its own: hardly any two things happen at the same time. */
  ms(most = 40): number {
    const { random: r } = this;
    return 1 + r.below(most) + r.below(1024) / 1024;
  }

  one<T>(...makes: readonly (() => T)[]): T {
    return this.random.pick(makes)();
  }

  private count(most: number): number {
    return 1 + this.random.below(most);
  }

  private source(shares: number): Stream {
    const [ms, other, n] = [this.ms(), this.ms(), this.count(5)];
    const index = shares === 0 ? -1 : this.random.below(shares);
    const alone: readonly (() => Stream)[] = [
      () => (rx) => () => rx.interval(ms),
      () => (rx) => () => rx.timer(ms, other).pipe(rx.take(n)),
      () => (rx) => () => rx.timer(ms).pipe(rx.map(() => 7)),
      () => (rx) => () => rx.interval(ms).pipe(rx.switchMap((i) => rx.timer(other).pipe(rx.map(() => i)))),
      () => (rx) => () =>
        rx.interval(ms).pipe(
          rx.take(n),
          rx.concatMap((i) => rx.of(i, i + 1).pipe(rx.delay(other))),
        ),
    ];
    const above: readonly (() => Stream)[] = [
      () => (rx) => (shared) => shared[index]!.pipe(rx.map((value) => value + 100)),
      () => (rx) => (shared) =>
        rx.timer(ms, other).pipe(
          rx.take(n),
          rx.switchMap(() => shared[index]!),
        ),
    ];
    return this.one(...alone, ...(index < 0 ? [] : above));
  }

  private operator(): Make<Operator> {
    const ms = this.ms();
    return this.one<Make<Operator>>(
      () => (rx) => rx.map((value, i) => value + i),
      () => (rx) => rx.scan((sum, value) => sum + value, 0),
      () => (rx) => rx.delay(ms),
      () => (rx) => rx.auditTime(ms),
      () => (rx) => rx.repeat(2),
      () => (rx) => rx.mergeMap((value) => rx.timer(ms).pipe(rx.map(() => value))),
      () => (rx) => (from$) =>
        from$.pipe(
          rx.groupBy((value) => value % 2),
          rx.mergeMap((group$) => group$.pipe(rx.scan((sum, value) => sum + value, 0))),
        ),
    );
  }

  private reset(): Make<boolean | (() => Observable<unknown>)> {
    const ms = this.ms();
    return this.one<Make<boolean | (() => Observable<unknown>)>>(
      () => () => true,
      () => () => false,
      () => (rx) => () => rx.timer(ms),
      () => (rx) => () => rx.of(1).pipe(rx.delay(ms)),
    );
  }

  private sharing(): Make<Operator> {
    const [onZero, onEnd, n, ms] = [this.reset(), this.reset(), this.count(2), this.ms()];
    const resets: Make<ShareConfig<number>> = (rx, named) => ({
      resetOnRefCountZero: onZero(rx, named),
      resetOnComplete: onEnd(rx, named),
    });
    return this.one<Make<Operator>>(
      () => (rx) => rx.share(),
      () => (rx, named) => rx.share(resets(rx, named)),
      () => (rx, named) => rx.share({ ...resets(rx, named), connector: () => new rx.ReplaySubject(n) }),
      () => (rx) => rx.shareReplay(n),
      () => (rx) => rx.shareReplay({ bufferSize: n, refCount: true }),
      () => (rx) => rx.shareReplay({ bufferSize: n, refCount: false, windowTime: ms }),
      () => (rx) => (from$) => from$.pipe(rx.publishReplay(n), rx.refCount()),
    );
  }

  /** An inner pipeline, of a visitor who stays for a while. */
  private visit(shares: number): Stream {
    const [first, second] = [this.random.below(shares), this.random.below(shares)];
    const [n, ms] = [this.count(3), this.ms()];
    return this.one<Stream>(
      () => (rx) => (shared) => shared[first]!.pipe(rx.take(n)),
      () => (rx) => (shared) => shared[first]!.pipe(rx.takeUntil(rx.timer(ms))),
      () => () => (shared) => shared[first]!,
      () => (rx) => (shared) =>
        rx.concat(shared[first]!.pipe(rx.take(1)), rx.timer(ms), shared[first]!.pipe(rx.take(1))),
      () => (rx) => (shared) => rx.merge(shared[first]!.pipe(rx.take(2)), shared[second]!.pipe(rx.take(1))),
    );
  }

  private visitors(shares: number): Make<(shared: readonly Observable<number>[]) => Observable<unknown>> {
    const [first, every, n] = [this.ms(), 10 + this.ms(50), 1 + this.count(5)];
    const visit = this.visit(shares);
    const flatten = this.one<(rx: Library) => Library['mergeMap']>(
      () => (rx) => rx.switchMap,
      () => (rx) => rx.mergeMap,
      () => (rx) => rx.concatMap,
      () => (rx) => rx.exhaustMap as Library['mergeMap'],
    );
    return (rx, named) => (shared) =>
      rx.timer(first, every).pipe(
        rx.take(n),
        flatten(rx)((i) =>
          visit(
            rx,
            named,
          )(shared).pipe(
            rx.map((value) => [i, value]),
            rx.catchError(() => rx.of('failed')),
          ),
        ),
      );
  }

  program(): Make<Observable<unknown>> {
    const shares = this.count(3);
    const parts = Array.from({ length: shares }, (_, i) => ({
      source: this.source(i),
      operator: this.operator(),
      isNamed: this.random.chance(0.4),
      sharing: this.sharing(),
    }));
    const visitors = Array.from({ length: this.count(2) }, () => this.visitors(shares));
    return (rx, named) => {
      const shared: Observable<number>[] = [];
      parts.forEach(({ source, operator, isNamed, sharing }, i) => {
        const above$ = source(rx, named)(shared).pipe(operator(rx, named));
        const named$ = isNamed ? above$.pipe(named(`above ${i}`)) : above$;
        shared.push(named$.pipe(sharing(rx, named), named(`shared ${i}`)));
      });
      return rx.merge(...visitors.map((come) => come(rx, named)(shared)));
    };
  }
}

function live(program: Make<Observable<unknown>>, from: Cut | null): Life {
  const pipeline = () => program(ours, (name) => uid(name)) as CheckpointedObservable<unknown>;
  return liveInVirtualTime({ pipeline, write: format, from, lastFrame: LAST_FRAME });
}

/** Whether that part goes on for nobody. */
const isActive = ({ snapshots }: Cut): boolean => [...snapshots.values()].some(({ unused }) => unused === 'active');

test('random programs with shared parts that inner pipelines use', () => {
  let restores = 0;
  for (let seed = 1; seed <= PROGRAMS; seed++) {
    const program = new Draw(random(seed)).program();
    const choose = random(seed);
    const whole = outputsInRxjs(() => program(theirs, () => (from$) => from$), LAST_FRAME);
    const first = live(program, null);
    expect({ seed, problems: first.problems, seen: first.outputs }).toEqual({ seed, problems: [], seen: whole });
    const cuts = first.cuts.filter(isActive);
    for (let i = 0; i < RESTORES && cuts.length > 0; i++) {
      // And once more from a checkpoint of the life that was restored.
      const cut = choose.pick(cuts);
      const second = live(program, cut);
      const next = choose.pick(second.cuts);
      const third = live(program, next);
      const at = [seed, cut.frame, next.frame];
      const seen = [second, third].map(({ problems, outputs }) => ({ at, problems, outputs }));
      expect(seen).toEqual([
        { at, problems: [], outputs: whole.slice(cut.outputs) },
        { at, problems: [], outputs: whole.slice(cut.outputs + next.outputs) },
      ]);
      restores += 2;
    }
  }
  expect(restores).toBeGreaterThan(PROGRAMS);
});
