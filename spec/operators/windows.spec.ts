import { describe, expect, test } from '@jest/globals';
import type { Observable } from 'rxjs';
import { map, NEVER, ObjectUnsubscribedError, range, Subject } from 'rxjs';

import { CheckpointSubject, fromArray, memoryStorage, windowCount } from '../../src/index.js';

import type { Library } from '../support/Library.js';
import { ours, theirs } from '../support/Library.js';

type Values = Observable<number>;

const windows: Record<string, (rx: Library, source: Values) => Observable<Values>> = {
  window: (rx, source) => source.pipe(rx.window(NEVER)),
  windowCount: (rx, source) => source.pipe(rx.windowCount(3)),
  windowTime: (rx, source) => source.pipe(rx.windowTime(1_000)),
  'windowTime with a size': (rx, source) => source.pipe(rx.windowTime(1_000, null, 2)),
  windowToggle: (rx, source) => source.pipe(rx.windowToggle(rx.of(0), () => NEVER)),
  'windowToggle, closed at once by a firehose': (rx, source) =>
    source.pipe(rx.windowToggle(rx.of(0, 1), () => range(0, 100))),
  windowWhen: (rx, source) => source.pipe(rx.windowWhen(() => NEVER)),
};

/** What is seen of it, with the errors that are thrown at whoever subscribes. */
type Scene = (split: (source: Values) => Observable<Values>, note: (line: string) => void) => void;

function listen(window$: Values, name: string, note: (line: string) => void): void {
  try {
    window$.subscribe({
      next: (n) => note(`${name} ${n}`),
      error: (error: unknown) => note(`${name} error ${String(error)}`),
      complete: () => note(`${name} complete`),
    });
  } catch (error) {
    note(`${name} throws ${String(error)}`);
  }
}

const scenes: Record<string, Scene> = {
  'who comes after the outer one has left': (split, note) => {
    const source = new Subject<number>();
    const open: Values[] = [];
    const subscription = split(source).subscribe((window$) => {
      open.push(window$);
      listen(window$, `early ${open.length}`, note);
    });
    source.next(1);
    subscription.unsubscribe();
    source.next(2);
    open.forEach((window$, i) => listen(window$, `late ${i + 1}`, note));
  },
  'who comes after the end': (split, note) => {
    const source = new Subject<number>();
    const open: Values[] = [];
    split(source).subscribe({ next: (window$) => void open.push(window$), complete: () => note('complete') });
    source.next(1);
    source.complete();
    open.forEach((window$, i) => listen(window$, `late ${i + 1}`, note));
  },
  'who comes after an error': (split, note) => {
    const source = new Subject<number>();
    const open: Values[] = [];
    split(source).subscribe({
      next: (window$) => void open.push(window$),
      error: (error: unknown) => note(`error ${String(error)}`),
    });
    source.error('no');
    open.forEach((window$, i) => listen(window$, `late ${i + 1}`, note));
  },
  'a firehose that is stopped by a window': (split, note) => {
    let asked = 0;
    const source: Values = theirs.range(0, 50).pipe(theirs.tap(() => asked++));
    const stop = new Subject<void>();
    split(source)
      .pipe(theirs.takeUntil(stop))
      .subscribe((window$) => {
        window$.subscribe((n) => {
          note(`value ${n}`);
          if (n === 4) stop.next();
        });
      });
    note(`asked for ${asked}`);
  },
  'a value that comes from within a window': (split, note) => {
    const source = new Subject<number>();
    let count = 0;
    const subscription = split(source).subscribe((window$) => {
      const name = ++count;
      window$.subscribe({
        next: (n) => {
          note(`${name}: ${n}`);
          if (n < 3) source.next(n + 1);
        },
        complete: () => note(`${name} complete`),
      });
    });
    source.next(0);
    source.next(2);
    subscription.unsubscribe();
  },
};

function record(rx: Library, split: (rx: Library, source: Values) => Observable<Values>, scene: Scene): string[] {
  const lines: string[] = [];
  scene(
    (source) => split(rx, source),
    (line) => lines.push(line),
  );
  return lines;
}

describe.each(Object.entries(windows))('%s', (_, split) => {
  test.each(Object.entries(scenes))('as in RxJS: %s', (_name, scene) => {
    const expected = record(theirs, split, scene);
    expect(expected).not.toEqual([]);
    expect(record(ours, split, scene)).toEqual(expected);
  });
});

test('a window that is closed throws at whoever subscribes, as a Subject does', () => {
  let last: Values | undefined;
  new Subject<number>()
    .pipe(ours.window<number>(NEVER))
    .subscribe((window$) => {
      last = window$;
    })
    .unsubscribe();
  expect(() => last!.subscribe()).toThrow(ObjectUnsubscribedError);
});

test.each([ours, theirs])(
  'what is right behind a window that is closed does not hear of that, its consumer does',
  (rx) => {
    let last: Values | undefined;
    const seen: unknown[] = [];
    rx.of(1)
      .pipe(rx.window<number>(NEVER))
      .subscribe((window$) => {
        last = window$;
      });
    const caught$ = last!.pipe(
      rx.tap({ error: () => seen.push('heard') }),
      rx.catchError(() => rx.of('caught')),
    );
    caught$.subscribe((each) => seen.push(each));
    last!
      .pipe(rx.materialize())
      .subscribe({ next: (each) => seen.push(each), error: (error: unknown) => seen.push(error) });
    rx.onErrorResumeNext(last!, rx.of(2)).subscribe({
      next: (each) => seen.push(each),
      error: (error: unknown) => seen.push(error),
    });
    expect(seen).toEqual(['caught', expect.any(ObjectUnsubscribedError), expect.any(ObjectUnsubscribedError)]);
  },
);

test('a window of no job is refused behind a stock operator, wherever one looks for where it came from', () => {
  const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
  const seen: string[] = [];
  fromArray([1, 2, 3])
    .pipe(windowCount(2))
    .subscribe((window$) => {
      expect(window$.source).not.toBe(window$);
      const doubled$ = window$.pipe(map((n: number) => 2 * n) as never);
      try {
        checkpoints.recover(doubled$);
      } catch (error) {
        seen.push((error as Error).name);
      }
    });
  expect(seen).toEqual(['NotAPipelineError', 'NotAPipelineError']);
});

describe('what is shared by a firehose', () => {
  const shared: Record<string, (rx: Library, source: Values) => Values> = {
    'shareReplay(1)': (rx, source) => source.pipe(rx.shareReplay(1)),
    'shareReplay({ refCount })': (rx, source) => source.pipe(rx.shareReplay({ bufferSize: 2, refCount: true })),
    'publish, refCount': (rx, source) => source.pipe(rx.publish(), rx.refCount()),
    'publishReplay(2), refCount': (rx, source) => source.pipe(rx.publishReplay(2), rx.refCount()),
    'publishLast, refCount': (rx, source) => source.pipe(rx.publishLast(), rx.refCount()),
    connect: (rx, source) => source.pipe(rx.connect((s) => rx.merge(s, s.pipe(rx.map((n) => -n))))),
  };

  test.each(Object.entries(shared))('%s, as in RxJS', (_, share) => {
    const play = (rx: Library): unknown[] => {
      const seen: unknown[] = [];
      let asked = 0;
      const source: Values = theirs.range(0, 10).pipe(theirs.tap(() => asked++));
      const shared$ = share(rx, source);
      for (let i = 0; i < 2; i++) {
        shared$.pipe(theirs.take(3)).subscribe({ next: (n) => seen.push(n), complete: () => seen.push('complete') });
        seen.push(`asked for ${asked}`);
      }
      return seen;
    };
    expect(play(ours)).toEqual(play(theirs));
  });
});
