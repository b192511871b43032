import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { Observer, SchedulerLike, UnsubscriptionError } from 'rxjs';
import { config, Observable, Subject, Subscriber, Subscription } from 'rxjs';

import { fromObservable } from '../../src/sources/fromObservable.js';
import { format } from '../support/format.js';
import type { Library } from '../support/Library.js';
import { ours, theirs } from '../support/Library.js';

interface Scene {
  readonly rx: Library;
  readonly note: (what: string, ...values: unknown[]) => void;
  readonly observer: Observer<unknown>;
  /** Notes when it is subscribed and left. */
  readonly watched: <T>(name: string, source: Observable<T>) => Observable<T>;
}

/** No more than the type asks for: what it runs gets neither `this` nor a state. */
function plainScheduler({ note }: Scene): SchedulerLike {
  return {
    now: () => 0,
    schedule(work: (this: never, state: never) => void, delayMs?: number, state?: unknown) {
      note('schedule', delayMs, state);
      const id = setTimeout(() => work.call(undefined as never, undefined as never), delayMs);
      return new Subscription(() => clearTimeout(id));
    },
  };
}

/** What earlier comparisons had missed, each found by going through RxJS's source. */
const programs: Readonly<Record<string, (scene: Scene) => void>> = {
  'a scheduler that knows no state': (scene) => {
    const { rx, observer, watched } = scene;
    const scheduler = plainScheduler(scene);
    const source = watched('source', theirs.of(1, 2));
    rx.timer(2, scheduler).subscribe(observer);
    source.pipe(rx.delay(2, scheduler)).subscribe(observer);
    source.pipe(rx.auditTime(2, scheduler)).subscribe(observer);
    source.pipe(rx.subscribeOn(scheduler, 1)).subscribe(observer);
    source.pipe(rx.concatWith(theirs.NEVER), rx.debounceTime(0, scheduler)).subscribe(observer);
  },
  'a notifier that emits while the last buffer is handled': ({ rx, observer, watched }) => {
    const values$ = new Subject<number>();
    const flush$ = new Subject<void>();
    let flushes = 0;
    watched('source', values$)
      .pipe(
        rx.buffer(flush$),
        rx.tap(() => {
          if (flushes++ === 0) flush$.next();
        }),
      )
      .subscribe(observer);
    values$.next(1);
    values$.complete();
  },
  'a selector of delayWhen that emits to the source, and throws': ({ rx, observer, watched }) => {
    const values$ = new Subject<number>();
    watched('source', values$)
      .pipe(
        rx.delayWhen((value) => {
          if (value === 2) return rx.of(0);
          values$.next(2);
          throw new Error('selector');
        }),
      )
      .subscribe(observer);
    values$.next(1);
  },
  'the delays that schedulers are told': ({ rx, observer, note }) => {
    const schedule = (_work: unknown, delayMs?: number): Subscription => {
      note('schedule', delayMs);
      return Subscription.EMPTY;
    };
    const scheduler: SchedulerLike = { now: () => 0, schedule };
    rx.combineLatest([rx.of(1)], scheduler).subscribe(observer);
    rx.throwError(() => 'late', scheduler).subscribe(observer);
  },
  'what callbacks of share are given': ({ rx, observer, watched, note }) => {
    const reset = (...args: unknown[]): Observable<unknown> => {
      note('reset', ...args);
      return rx.EMPTY;
    };
    const options = { resetOnComplete: reset, resetOnError: reset, resetOnRefCountZero: reset };
    watched('source', theirs.of(1)).pipe(rx.share(options)).subscribe(observer);
    watched('source', theirs.NEVER).pipe(rx.share(options)).subscribe(observer).unsubscribe();
    const failing = theirs.throwError(() => 'failed');
    watched('source', failing).pipe(rx.share(options)).subscribe(observer);
  },
  'a shared subject that throws': ({ rx, observer, watched }) => {
    const connector = (): Subject<number> => {
      const subject = new Subject<number>();
      subject.next = () => {
        throw new Error('subject');
      };
      return subject;
    };
    watched('source', theirs.of(1, 2)).pipe(rx.share({ connector })).subscribe(observer);
  },
  'the class of timeInterval': ({ rx, watched, note }) => {
    const clock = { now: () => 1 } as SchedulerLike;
    watched('source', theirs.of(1))
      .pipe(rx.timeInterval(clock))
      .subscribe((sample) => note(sample.constructor.name, sample.value, sample.interval));
    let theirClass: unknown;
    theirs
      .of(1)
      .pipe(theirs.timeInterval(clock))
      .subscribe((sample) => (theirClass = sample.constructor));
    rx.of(1)
      .pipe(rx.timeInterval(clock))
      .subscribe((sample) => note('same class', sample.constructor === theirClass));
  },
  'the order in which windowWhen leaves': ({ rx, observer, watched, note }) => {
    const closings = [new Subject<void>(), new Subject<void>()];
    let i = 0;
    const subscription = watched('source', theirs.NEVER)
      .pipe(rx.windowWhen(() => watched(`closing ${i}`, closings[i++]!)))
      .subscribe({ ...observer, next: () => note('window') });
    subscription.add(() => note('added'));
    closings[0]!.next();
    subscription.unsubscribe();
  },
  'the order in which inners are left': ({ rx, observer, watched, note }) => {
    const values$ = new Subject<number>();
    const inner = (value: number): Observable<unknown> => watched(`inner ${value}`, theirs.NEVER);
    for (const flatten of [rx.switchMap(inner), rx.mergeMap(inner), rx.concatMap(inner)]) {
      // The first one is there before the consumer has added anything.
      const source = theirs.merge(theirs.of(0), values$);
      const subscription = watched('source', source)
        .pipe(
          flatten,
          rx.finalize(() => note('finalized')),
        )
        .subscribe(observer);
      subscription.add(() => note('added'));
      values$.next(1);
      subscription.unsubscribe();
    }
  },
  'inners whose teardowns throw': ({ rx, observer, watched, note }) => {
    const failing = (value: number): Observable<never> =>
      new Observable<never>(() => () => {
        throw new Error(`teardown ${value}`);
      });
    const subscription = watched('source', theirs.of(1, 2, 3))
      .pipe(rx.mergeMap(failing))
      .subscribe(observer);
    try {
      subscription.unsubscribe();
    } catch (error) {
      note('thrown', ...(error as UnsubscriptionError).errors.map((each) => (each as Error).message));
    }
  },
  'an input that wins while another is being subscribed': ({ rx, observer, watched }) => {
    const first = new Subject<number>();
    const second = new Observable<number>((target) => {
      first.next(1);
      target.next(2);
    });
    rx.race(watched('first', first), watched('second', second)).subscribe(observer);
    first.next(3);
  },
  'nothing to subscribe to beside the source': ({ rx, observer, watched }) => {
    const source = watched('source', theirs.of(1, 2));
    source.pipe(rx.withLatestFrom(null as never)).subscribe(observer);
    source.pipe(rx.skipUntil(7 as never)).subscribe(observer);
    rx.combineLatest([null as never, source]).subscribe(observer);
    rx.forkJoin({ a: {} as never, b: source }).subscribe(observer);
  },
  'no function for a duration': ({ rx, observer, watched }) => {
    const source = watched('source', theirs.of(1, 2));
    const fails = { ...observer, error: (error: unknown) => observer.error((error as Error).constructor.name) };
    for (const operator of ['audit', 'debounce', 'throttle'] as const)
      source.pipe(rx[operator](null as never)).subscribe(fails);
  },
  'a release that throws after an end at once': ({ rx, observer, note }) => {
    const release = {
      unsubscribe: (): never => {
        throw new Error('release');
      },
    };
    const released = rx.using(() => release, () => theirs.of(1)); // prettier-ignore
    expect(() => released.subscribe(observer)).toThrow('release');
    released.pipe(rx.endWith(2)).subscribe(observer);
    const failing = rx.using(() => release, () => { throw new Error('factory'); }); // prettier-ignore
    failing.subscribe(observer);
    note('subscribed');
  },
  'a Subject that was unsubscribed when the next attempt comes': ({ rx, observer }) => {
    const source = new Subject<number>();
    source.pipe(rx.repeat({ delay: 5 })).subscribe(observer);
    source.pipe(rx.retry({ delay: 5 })).subscribe(observer);
    source.next(1);
    source.complete();
    // eslint-disable-next-line rxjs-x/no-redundant-notify, rxjs-x/no-subject-unsubscribe -- that is what is tried here
    source.unsubscribe();
  },
  'a delay that throws when it is left': ({ rx, observer, watched }) => {
    const source = watched('source', theirs.of(1, 2));
    const empty = (): Observable<never> => leavingThrows(theirs.EMPTY);
    source.pipe(rx.delayWhen(() => empty())).subscribe(observer);
    source.pipe(rx.delayWhen(() => theirs.of(0), empty())).subscribe(observer);
    source.pipe(rx.delayWhen(() => leavingThrows(theirs.of(0)))).subscribe(observer);
  },
  'closings that throw when they are left': ({ rx, observer, watched }) => {
    const ended = (): Observable<number> => leavingThrows(theirs.EMPTY);
    const flat = { ...observer, next: (window: Observable<unknown>) => void window.subscribe(observer) };
    watched('source', theirs.of(1))
      .pipe(rx.windowToggle(theirs.of(0), ended))
      .subscribe(flat);
    const silent = (): Observable<number> => leavingThrows(theirs.NEVER);
    const leaving = new Subscriber<Observable<unknown>>({
      next(window: Observable<unknown>) {
        window.subscribe(observer);
        leaving.unsubscribe();
      },
    } as never);
    watched('source', theirs.of(1)).pipe(rx.windowWhen(silent)).subscribe(leaving);
  },
  'a forkJoin and a timer before a teardown that throws': ({ rx, observer, note }) => {
    const fails = (): never => {
      throw new Error('finalize');
    };
    const inputs = [new Subject<number>(), theirs.of(2)] as const;
    rx.forkJoin(inputs).pipe(rx.finalize(fails)).subscribe(observer);
    inputs[0].next(1);
    try {
      inputs[0].complete();
    } catch (error) {
      note('thrown', error);
    }
    rx.of(1).pipe(rx.auditTime(1), rx.finalize(fails)).subscribe(observer);
    rx.of(1).pipe(rx.delay(1), rx.finalize(fails)).subscribe(observer);
  },
  'a forkJoin whose input throws when it has ended': ({ rx, observer, note }) => {
    const inputs = [new Subject<number>(), new Subject<number>()] as const;
    rx.forkJoin([leavingThrows(inputs[0]), inputs[1]]).subscribe(observer);
    for (const input of inputs) input.next(1);
    for (const input of inputs) {
      try {
        input.complete();
      } catch (error) {
        note('thrown', error);
      }
    }
  },
  'an end that is handed on where what is left throws': ({ rx, observer, note }) => {
    const attempt = (end: () => void): void => {
      try {
        end();
      } catch (error) {
        note('thrown', error);
      }
    };
    const openings = new Subject<number>();
    leavingThrows(theirs.NEVER)
      .pipe(rx.windowToggle(openings, () => theirs.NEVER))
      .subscribe(observer);
    attempt(() => openings.error('openings'));
    const signal = new Subject<number>();
    const fails = (): never => {
      throw new Error('finalize');
    };
    theirs.EMPTY.pipe(rx.repeat({ delay: () => signal }), rx.finalize(fails)).subscribe(observer);
    theirs
      .throwError(() => 'failed')
      .pipe(rx.retry({ delay: () => signal }), rx.finalize(fails))
      .subscribe(observer);
    attempt(() => signal.complete());
    note('observed', signal.observed);
  },
  'a group whose end leaves what throws': ({ rx, note }) => {
    const source = new Subject<number>();
    const groups = leavingThrows(source).pipe(rx.groupBy((value) => value, { duration: () => theirs.timer(1) }));
    const subscription = groups.subscribe((group) => group.subscribe((value) => note('next', value)));
    source.next(1);
    subscription.unsubscribe();
    jest.runAllTimers();
    note('observed', source.observed);
  },
  'a delayed source whose consumer has left': ({ rx, observer, watched, note }) => {
    const failing = theirs.throwError(() => 'failing');
    const delayed = rx.of(1).pipe(rx.delayWhen(() => theirs.of(0), watched('delay', theirs.of(0))));
    delayed.pipe(rx.withLatestFrom(failing)).subscribe(observer);
    note('subscribed');
  },
  'a shared stream, where errors are thrown at once': ({ rx, observer, note }) => {
    config.useDeprecatedSynchronousErrorHandling = true;
    try {
      const late = new Observable<never>((target) => void setTimeout(() => target.error('late'), 1));
      theirs.of(1).pipe(rx.share({ resetOnComplete: () => late })).subscribe(observer); // prettier-ignore
      late.pipe(rx.share()).subscribe({ next: observer.next });
      jest.runAllTimers();
      note('lost');
    } catch (error) {
      note('thrown', error);
    } finally {
      config.useDeprecatedSynchronousErrorHandling = false;
    }
  },
  'what shows of a connectable': ({ rx, observer, note }) => {
    interface Insides extends Observable<unknown> {
      readonly _refCount: number;
      readonly getSubject: () => Subject<unknown>;
    }
    const published = [rx.publish(), rx.publishBehavior(0), rx.publishLast(), rx.publishReplay(1)];
    for (const publish of [...published, rx.multicast(() => new Subject<unknown>())]) {
      const connectable = rx.NEVER.pipe(publish) as unknown as Insides;
      const counted = connectable.pipe(rx.refCount());
      note('class of the subject', connectable.getSubject().constructor.name);
      const subscriptions = [counted.subscribe(observer), counted.subscribe(observer)];
      for (const subscription of subscriptions) {
        note('counted', connectable._refCount);
        subscription.unsubscribe();
      }
      note('counted', connectable._refCount);
    }
  },
  "RxJS's own connectable of a stream, and what is made of it": ({ rx, observer }) => {
    const connectable = theirs.publish<number>()(rx.of(1, 2));
    connectable.pipe(theirs.map((value) => value + 1)).subscribe(observer);
    connectable.pipe(rx.map((value) => value + 2)).subscribe(observer);
    connectable.connect();
  },
  'an end that throws, and who hears of it': ({ rx, observer, note }) => {
    const twice = (value: number): number => {
      if (value === 2) throw new Error('two');
      return value * 2;
    };
    const passing = {
      defaultIfEmpty: rx.defaultIfEmpty<number, number>(0),
      throwIfEmpty: rx.throwIfEmpty<number>(),
      repeatWhen: rx.repeatWhen<number>((ends) => ends),
      retryWhen: rx.retryWhen<number>((errors) => errors),
      repeat: rx.repeat<number>({ count: 2, delay: () => rx.NEVER }),
      onErrorResumeNextWith: rx.onErrorResumeNextWith<number, number[]>(rx.of(1)),
      groupBy: rx.pipe(
        rx.groupBy((value: number) => -twice(value)),
        rx.map(({ key }) => key),
      ),
    };
    for (const [name, pass] of Object.entries(passing)) {
      const values = new Subject<number>();
      leavingThrows(values).pipe(pass, rx.map(twice)).subscribe(observer);
      try {
        for (const value of [1, 2]) values.next(value);
      } catch (error) {
        note(`${name} throws`, error);
      }
    }
  },
  'a result of what throws when it is left': ({ rx, observer }) => {
    const sum = (outer: number, inner: number): number => outer + inner;
    const results = [
      rx.switchMap(() => leavingThrows(theirs.of(1, 2)), sum),
      rx.switchMapTo(leavingThrows(theirs.of(1, 2)), sum),
      rx.mergeMap(() => leavingThrows(theirs.of(1, 2)), sum),
      rx.exhaustMap(() => leavingThrows(theirs.of(1, 2)), sum),
    ];
    for (const result of results) rx.concat(rx.of(3), rx.NEVER).pipe(result).subscribe(observer);
  },
  'operators that others call': ({ rx, observer, note }) => {
    const values = new Subject<number>();
    const { operator } = values.pipe(rx.map((value) => value + 1));
    for (const name of ['call', 'apply', 'bind'] as const)
      note(name, typeof (operator as unknown as CallableFunction)[name]);
    operator!.call(new Subscriber(observer as never), values);
    values.next(1);
  },
  'what observeOn leaves first': ({ rx, observer, note }) => {
    const schedule = (): Subscription => new Subscription(() => note('not delivered'));
    const silent = new Observable<number>((target) => {
      target.next(1);
      return () => note('source left');
    });
    silent
      .pipe(rx.observeOn({ now: () => 0, schedule }))
      .subscribe(observer)
      .unsubscribe();
  },
  'an observer that is none': ({ rx, watched }) => {
    for (const none of [5, 'text', true, Symbol('none')])
      watched('source', theirs.of(1))
        .pipe(rx.map((value) => value))
        .subscribe(none as never);
  },
};

function leavingThrows<T>(source: Observable<T>): Observable<T> {
  return new Observable((target) => {
    const subscription = source.subscribe(target);
    return () => {
      subscription.unsubscribe();
      throw new Error('left');
    };
  });
}

function linesOf(rx: Library, program: (scene: Scene) => void, isAdopted: boolean): readonly string[] {
  const lines: string[] = [];
  const note: Scene['note'] = (what, ...values) => void lines.push([what, ...values.map(format)].join(' '));
  config.onUnhandledError = (error) => note('unhandled', error);
  const observer: Observer<unknown> = {
    next: (value) => note('next', value),
    error: (error) => note('error', error),
    complete: () => note('complete'),
  };
  const watched: Scene['watched'] = (name, source) => {
    const result = new Observable<never>((target) => {
      note(`${name} subscribed`);
      target.add(() => note(`${name} left`));
      return source.subscribe(target as Subscriber<unknown>);
    });
    return isAdopted ? fromObservable(result) : result;
  };
  program({ rx, note, observer, watched });
  jest.runAllTimers();
  return lines;
}

afterEach(() => {
  config.onUnhandledError = null;
  jest.useRealTimers();
});

describe('as in RxJS', () => {
  test.each(Object.entries(programs))('%s', (_, program) => {
    jest.useFakeTimers();
    const expected = linesOf(theirs, program, false);
    expect(expected.length).toBeGreaterThan(1);
    expect(linesOf(ours, program, false)).toEqual(expected);
    expect(linesOf(ours, program, true)).toEqual(expected);
  });
});
