import type { MonoTypeOperatorFunction, OperatorFunction } from 'rxjs';
import { Observable, Subscriber } from 'rxjs';

import type { Barrier } from '../checkpoint/protocol/Participant.js';
import { NotTransparentError } from '../errors/NotTransparentError.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { CheckpointedObservable } from './base/CheckpointedObservable.js';
import type { Consumer, Site, Upstream } from './base/Site.js';

/**
 * Lets a stock or third-party operator into a checkpointed pipeline. You vouch that it is synchronous and keeps no
 * state: whatever it emits, it emits while it is being given a value (or the end).
 *
 * **Checkpoint:** nothing.
 *
 * ```text
 * source  -1-%-2-|
 *         transparent(myMap)
 * result  -a-%-b-|
 * ```
 *
 * @example
 * const decoded$ = messages$.pipe(transparent(rxPipe(decode(), validate())));
 * @param operator - applied as it is.
 * @throws NotTransparentError, as an error of the pipeline, in a job when it emits at another time.
 */
export function transparent<T>(operator: MonoTypeOperatorFunction<T>): CheckpointedOperator<T, T>;
export function transparent<T, R>(operator: OperatorFunction<T, R>): CheckpointedOperator<T, R>;
export function transparent<T, R>(operator: OperatorFunction<T, R>): CheckpointedOperator<T, R> {
  const apply = (source: Observable<T>): Observable<R> => {
    if (!(source instanceof CheckpointedObservable)) return operator(source);
    return new CheckpointedObservable<R>({
      operator: 'transparent',
      isStateful: false,
      inputs: [source],
      connect(dest, site) {
        if (site !== null) return connectInJob(operator, dest, site);
        operator(new Observable<T>((subscriber) => source.subscribe(subscriber))).subscribe(dest);
        return null;
      },
    });
  };
  return apply as CheckpointedOperator<T, R>;
}

function connectInJob<T, R>(operator: OperatorFunction<T, R>, dest: Subscriber<R>, site: Site): Upstream | null {
  const exit = new Exit<R>(dest, site);
  let upstream: Upstream | null = null;
  const source = new Observable<T>((subscriber) => {
    const entry = new Entry(subscriber, exit);
    upstream = site.connectInput(0, entry);
  });
  operator(source).subscribe(exit);
  return upstream;
}

/** What goes into the operator; while it does, and only then, something may come out. */
class Entry<T> extends Subscriber<T> implements Consumer<T> {
  constructor(
    private readonly into: Subscriber<T>,
    private readonly exit: Exit<never>,
  ) {
    super(into);
  }

  barrier(barrier: Barrier): void {
    this.exit.barrier(barrier);
  }

  override next(value: T): void {
    if (this.isStopped) return super.next(value);
    this.exit.open++;
    try {
      this.into.next(value);
    } finally {
      this.exit.open--;
    }
  }

  protected override _error(error: unknown): void {
    this.exit.open++;
    try {
      super._error(error);
    } finally {
      this.exit.open--;
    }
  }

  protected override _complete(): void {
    this.exit.open++;
    try {
      super._complete();
    } finally {
      this.exit.open--;
    }
  }
}

class Exit<R> extends Subscriber<R> implements Consumer<R> {
  /** How many calls into the operator are on the stack. */
  open = 0;

  constructor(
    private readonly dest: Subscriber<R>,
    private readonly site: Site,
  ) {
    super(dest);
  }

  barrier(barrier: Barrier): void {
    (this.dest as Consumer<R>).barrier(barrier);
  }

  override next(value: R): void {
    if (this.isStopped) return super.next(value);
    if (this.open > 0) this.dest.next(value);
    else this.refuse();
  }

  protected override _complete(): void {
    if (this.open > 0) super._complete();
    else this.refuse();
  }

  /** The entry of a turn: nobody else has opened one. */
  private refuse(): void {
    const { run } = this.site;
    run.enter();
    try {
      this.dest.error(new NotTransparentError(this.site.name));
    } finally {
      run.leave();
    }
  }
}
