import type { Observer } from 'rxjs';
import {
  AsyncSubject,
  BehaviorSubject,
  config,
  Observable,
  ReplaySubject,
  Subject,
  Subscriber,
  Subscription,
} from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';

import type { Value } from './InputSpec.js';
import { values } from './InputSpec.js';
import type { Library } from './Library.js';

/** What a situation has to play with. */
export interface Scene {
  readonly rx: Library;
  /** The operator on this source. */
  readonly operator: (source: Observable<Value>) => Observable<unknown>;
  readonly note: (what: string, ...values: unknown[]) => void;
  /** Notes what it gets. */
  readonly observer: (name?: string) => Observer<unknown>;
  readonly helpers: RunHelpers;
  /** Throws whenever one that is projected, or another input, is left. */
  readonly leavingThrows: (which: 'inner' | 'other') => void;
  /** In frames. */
  readonly later: (frame: number, act: () => void) => void;
}

/** What a spec of RxJS's own does with every operator: around it, and with what comes out. */
export const situations: Readonly<Record<string, (scene: Scene) => void>> = {
  'four values at once': ({ rx, operator, observer, note, later }) => {
    const subscription = operator(rx.of(0, 1, 2, 3)).subscribe(observer());
    note('closed', subscription.closed);
    later(30, () => note('closed', subscription.closed));
  },
  'an empty source': ({ rx, operator, observer }) => void operator(rx.EMPTY).subscribe(observer()),
  'a silent source, which is left': ({ rx, operator, observer, later }) => {
    const subscription = operator(rx.NEVER).subscribe(observer());
    later(7, () => subscription.unsubscribe());
  },
  'an error at once': ({ rx, operator, observer }) => {
    operator(rx.throwError(() => new Error('source'))).subscribe(observer());
  },
  'an error after two values': ({ rx, operator, observer }) => {
    operator(
      rx.concat(
        rx.of(0, 1),
        rx.throwError(() => 'text'),
      ),
    ).subscribe(observer());
  },
  'a chain that is unsubscribed': (scene) => {
    const { rx, operator, observer, later } = scene;
    const hot = scene.helpers.hot<Value>('--a--b-^-c--d--b-|', values);
    const subscription = operator(hot.pipe(rx.mergeMap((x) => rx.of(x))))
      .pipe(rx.mergeMap((x) => rx.of(x)))
      .subscribe(observer());
    later(6, () => subscription.unsubscribe());
    noteSubscriptions(scene, hot as never);
  },
  'a parent subscription that is unsubscribed': (scene) => {
    const { operator, observer, later, note } = scene;
    const cold = scene.helpers.cold<Value>('-a-b-c--d|', values);
    const parent = new Subscription();
    parent.add(operator(cold).subscribe(observer()));
    parent.add(() => note('parent unsubscribed'));
    later(4, () => parent.unsubscribe());
    noteSubscriptions(scene, cold);
  },
  'two subscribers, one later': (scene) => {
    const cold = scene.helpers.cold<Value>('-a-b-b-#', values);
    const result = scene.operator(cold);
    result.subscribe(scene.observer('first '));
    scene.later(2, () => result.subscribe(scene.observer('second ')));
    noteSubscriptions(scene, cold);
  },
  'the operator twice in a row': ({ operator, observer, helpers }) => {
    operator(operator(helpers.cold<Value>('-a-b-c--d|', values)) as Observable<Value>).subscribe(observer());
  },
  'a subject, which is written to through the result': ({ operator, observer, note }) => {
    const subject = new Subject<Value>();
    const result = operator(subject) as Subject<unknown>;
    note('is', result instanceof Subject, typeof result.next, result === (subject as unknown));
    result.subscribe(observer());
    const target = typeof result.next === 'function' ? result : subject;
    for (const value of [0, 1, 2]) (target as Subject<Value>).next(value);
    note('observed', subject.observed);
    target.complete();
    note('observed', subject.observed);
  },
  'a subject with an error': ({ operator, observer, note }) => {
    const subject = new Subject<Value>();
    const result = operator(subject);
    result.subscribe(observer());
    subject.next(0);
    subject.error(new Error('subject'));
    note('observed', subject.observed);
    result.subscribe(observer('late '));
  },
  'a BehaviorSubject': ({ operator, observer }) => feed(new BehaviorSubject<Value>(1), operator, observer),
  'a ReplaySubject': ({ operator, observer }) => {
    const subject = new ReplaySubject<Value>(2);
    for (const value of [0, 1, 2]) subject.next(value);
    feed(subject, operator, observer);
  },
  'an AsyncSubject': ({ operator, observer }) => feed(new AsyncSubject<Value>(), operator, observer),
  'an observer that feeds the source': ({ operator, observer }) => {
    const subject = new Subject<Value>();
    let fed = 0;
    answering(operator(subject), observer(), () => {
      if (fed++ < 3) subject.next(fed);
    });
    for (const value of [0, 1]) subject.next(value);
    subject.complete();
  },
  'an observer that completes the source': ({ operator, observer }) => {
    const subject = new Subject<Value>();
    answering(operator(subject), observer(), () => subject.complete());
    for (const value of [0, 1, 2]) subject.next(value);
    subject.complete();
  },
  'an observer that fails the source': ({ operator, observer }) => {
    const subject = new Subject<Value>();
    answering(operator(subject), observer(), () => subject.error(new Error('fed')));
    for (const value of [0, 1, 2]) subject.next(value);
    subject.complete();
  },
  'an observer that unsubscribes': (scene) => {
    const cold = scene.helpers.cold<Value>('-(ab)-c--d|', values);
    const subscription = answering(scene.operator(cold), scene.observer(), () => subscription.unsubscribe());
    noteSubscriptions(scene, cold);
  },
  'an observer that throws': ({ rx, operator, observer }) => {
    answering(operator(rx.of(0, 1, 2)), observer(), (value) => {
      throw new Error(`observer ${String(value)}`);
    });
  },
  'an observer that throws at the end': ({ rx, operator }) => {
    const fail = (): never => {
      throw new Error('at the end');
    };
    operator(rx.of(0, 1, 2)).subscribe({ complete: fail, error: fail });
    operator(rx.throwError(() => new Error('source'))).subscribe({ complete: fail, error: fail });
  },
  'nobody who handles the error': ({ rx, operator, note }) => {
    operator(
      rx.concat(
        rx.of(0, 1),
        rx.throwError(() => new Error('unhandled')),
      ),
    ).subscribe();
    note('subscribed');
  },
  'a source that goes on after its end': ({ operator, observer, note }) => {
    const source = new Observable<Value>((target) => {
      for (const value of [0, 1]) target.next(value);
      target.complete();
      // eslint-disable-next-line rxjs-x/no-redundant-notify -- what happens then is the question
      target.next(2);
      target.error(new Error('late'));
      return () => note('source left');
    });
    operator(source).subscribe(observer());
  },
  'a source that throws when it is subscribed': ({ operator, observer }) => {
    const source = new Observable<Value>((target) => {
      target.next(0);
      throw new Error('in subscribe');
    });
    operator(source).subscribe(observer());
  },
  'a source that throws when it is left': ({ operator, observer, note }) => {
    const source = new Observable<Value>((target) => {
      for (const value of [0, 1]) target.next(value);
      return () => {
        note('source left');
        throw new Error('teardown');
      };
    });
    const subscription = operator(source).subscribe(observer());
    subscription.unsubscribe();
  },
  'a source that throws when it is left, which has ended at once': ({ rx, operator, observer, note }) => {
    operator(thatThrows(rx.of(0, 1), note)).subscribe(observer());
  },
  'a source that throws when it is left, which has failed at once': ({ rx, operator, observer, note }) => {
    const failing = rx.throwError(() => new Error('source'));
    operator(thatThrows(failing, note)).subscribe(observer());
  },
  'a source that throws when it is left at its end': ({ operator, observer, helpers, note }) => {
    operator(thatThrows(helpers.cold<Value>('-a-b|', values), note)).subscribe(observer());
  },
  'a source that throws when it is left after an error': ({ operator, observer, helpers, note }) => {
    operator(thatThrows(helpers.cold<Value>('-a-#', values), note)).subscribe(observer());
  },
  'inners that throw when they are left at their end': ({ operator, observer, helpers, leavingThrows }) => {
    leavingThrows('inner');
    operator(helpers.cold<Value>('-a-b|', values)).subscribe(observer());
  },
  'another input that throws when it is left': ({ operator, observer, helpers, leavingThrows }) => {
    leavingThrows('other');
    operator(helpers.cold<Value>('-a-b-c-d|', values)).subscribe(observer());
  },
  'an interop observable': ({ rx, operator, observer, note }) => {
    const foreign = {
      [Symbol.observable]: () => ({
        subscribe(target: Observer<Value>) {
          for (const value of [0, 1]) target.next(value);
          target.complete();
          return { unsubscribe: () => note('foreign left') };
        },
      }),
    };
    operator(rx.from(foreign as unknown as Observable<Value>)).subscribe(observer());
  },
  'a generator': ({ rx, operator, observer, note }) => {
    function* numbers(): Generator<number> {
      try {
        for (let i = 0; i < 50; i++) yield i;
      } finally {
        note('generator closed');
      }
    }
    operator(rx.from(numbers())).pipe(rx.take(2)).subscribe(observer());
  },
  'errors that are thrown at once': ({ rx, operator, note }) => {
    config.useDeprecatedSynchronousErrorHandling = true;
    try {
      operator(
        rx.concat(
          rx.of(0, 1),
          rx.throwError(() => new Error('at once')),
        ),
      ).subscribe((value) => note('next', value));
    } finally {
      config.useDeprecatedSynchronousErrorHandling = false;
    }
  },
  'an observer that is given its subscription': ({ rx, operator, note }) => {
    config.useDeprecatedNextContext = true;
    try {
      operator(rx.of(0, 1, 2, 3)).subscribe({
        next(this: { unsubscribe(): void }, value: unknown) {
          note('next', value);
          this.unsubscribe();
        },
      } as never);
    } finally {
      config.useDeprecatedNextContext = false;
    }
  },
  'a subclass of Observable': ({ operator, observer, note }) => {
    const result = operator(new Derived<Value>((target) => [0, 1].forEach((value) => target.next(value))));
    note('still of its class', result instanceof Derived);
    result.subscribe(observer());
  },
};

/** The same, but its teardown throws. */
export function thatThrows(source: Observable<Value>, note: Scene['note']): Observable<Value> {
  return new Observable((target) => {
    const subscription = source.subscribe(target);
    return () => {
      subscription.unsubscribe();
      note('left');
      throw new Error('teardown');
    };
  });
}

/** Who takes from a source that emits at once and would go on: each is done at some time. */
export const takers: Readonly<Record<string, (rx: Library, result: Observable<unknown>) => Observable<unknown>>> = {
  'take(1)': (rx, result) => result.pipe(rx.take(1)),
  'take(3)': (rx, result) => result.pipe(rx.take(3)),
  'first(x)': (rx, result) => result.pipe(rx.first((_, i) => i === 2, 'none')),
  'takeWhile(x)': (rx, result) => result.pipe(rx.takeWhile((_, i) => i < 2, true)),
  'takeUntil(of())': (rx, result) => result.pipe(rx.takeUntil(rx.of(0))),
  'elementAt(2)': (rx, result) => result.pipe(rx.elementAt(2, 'none')),
  'find(x)': (rx, result) => result.pipe(rx.find((_, i) => i === 1)),
  'every(x)': (rx, result) => result.pipe(rx.every((_, i) => i < 2)),
  'isEmpty()': (rx, result) => result.pipe(rx.isEmpty()),
  'race(of(), _)': (rx, result) => rx.race(rx.of('won'), result),
  'race(_, of())': (rx, result) => rx.race(result.pipe(rx.take(2)), rx.of('won')),
  'switchMap(() => take)': (rx, result) => rx.of(0, 1).pipe(rx.switchMap(() => result.pipe(rx.take(2)))),
  'concat(take, take)': (rx, result) => rx.concat(result.pipe(rx.take(2)), result.pipe(rx.take(1))),
  'zip(_, of(0, 1))': (rx, result) => rx.zip(rx.of(0, 1), result),
  'mergeMap(throws)': (rx, result) =>
    result.pipe(
      rx.mergeMap((_, i) => {
        if (i === 1) throw new Error('projection');
        return [i];
      }),
    ),
  'who leaves': (_, result) =>
    new Observable((target) => {
      const inner = new Subscriber<unknown>({
        next: (value: unknown) => {
          target.next(value);
          inner.unsubscribe();
        },
        error: (error: unknown) => target.error(error),
        complete: () => target.complete(),
      } as never);
      result.subscribe(inner);
    }),
};

class Derived<T> extends Observable<T> {
  override lift<R>(operator?: unknown): Observable<R> {
    return Object.assign(new Derived<R>(), { source: this, operator });
  }
}

function feed(
  subject: Subject<Value>,
  operator: (source: Observable<Value>) => Observable<unknown>,
  observer: Scene['observer'],
): void {
  const result = operator(subject);
  result.subscribe(observer());
  for (const value of [2, 3]) subject.next(value);
  subject.complete();
  result.subscribe(observer('late '));
}

function answering(
  result: Observable<unknown>,
  observer: Observer<unknown>,
  answer: (value: unknown) => void,
): Subscription {
  return result.subscribe({
    next: (value) => {
      observer.next(value);
      answer(value);
    },
    error: (error: unknown) => observer.error(error),
    complete: () => observer.complete(),
  });
}

/** What the test scheduler makes. */
type Watched = ReturnType<RunHelpers['cold']>;

function noteSubscriptions({ later, note }: Scene, { subscriptions }: Watched): void {
  later(45, () => note('subscribed', JSON.stringify(subscriptions)));
}
