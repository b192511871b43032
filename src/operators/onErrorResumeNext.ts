import type { ObservableInput, ObservableInputTuple } from 'rxjs';
import { from, Observable, Subscriber } from 'rxjs';

import { arrayNode } from '../sources/arrayNode.js';
import { CheckpointedObservable } from './base/CheckpointedObservable.js';
import type { CheckpointedInputTuple } from './base/combination.js';
import { coreNode } from './base/coreOperator.js';
import type { Site } from './base/Site.js';
import { argumentsOrArray } from './base/trailingArguments.js';
import { MergeInputsCore } from './MergeInputsCore.js';

/**
 * Emits what the inputs emit, one input after the other, also after one that ended with an error.
 *
 * **Checkpoint:** which input is active. A restore goes on with it.
 *
 * ```text
 * a       -1-#
 * b          -2-%-3|
 *         onErrorResumeNext(a, b)
 * result  -1--2-%-3|
 * ```
 *
 * @example
 * const all$ = onErrorResumeNext(cached$, live$);
 * @param sources - an array of them does as well. With checkpointed inputs only, the result is checkpointed.
 */
export function onErrorResumeNext<A extends readonly unknown[]>(
  sources: [...CheckpointedInputTuple<A>],
): CheckpointedObservable<A[number]>;
export function onErrorResumeNext<A extends readonly unknown[]>(
  sources: [...ObservableInputTuple<A>],
): Observable<A[number]>;
export function onErrorResumeNext<A extends readonly unknown[]>(
  ...sources: [...CheckpointedInputTuple<A>]
): CheckpointedObservable<A[number]>;
export function onErrorResumeNext<A extends readonly unknown[]>(
  ...sources: [...ObservableInputTuple<A>]
): Observable<A[number]>;
export function onErrorResumeNext(...sources: unknown[]): Observable<unknown> {
  return resumeNext('onErrorResumeNext', argumentsOrArray(sources));
}

export function resumeNext(operator: string, sources: readonly ObservableInput<unknown>[]): Observable<unknown> {
  if (!sources.some((source) => source instanceof CheckpointedObservable))
    return new Observable((dest) => void resumeOutside(dest, sources));
  const inputs = sources.map((source) => (isInput(source) ? source : arrayNode('onErrorResumeNext', [])));
  return coreNode(
    {
      operator,
      create(dest, site, nodes) {
        if (site !== null) return new ResumeNextCore(dest, site, nodes);
        return { connect: () => resumeOutside(dest, nodes) };
      },
    },
    inputs,
  );
}

/** What cannot be subscribed is passed over, like an input that fails. */
function isInput(source: ObservableInput<unknown>): boolean {
  try {
    return from(source) instanceof Observable;
  } catch {
    return false;
  }
}

/** Every end of an input leads to the next, also that by the consumer, who has left: RxJS subscribes to them in vain. */
function resumeOutside(dest: Subscriber<unknown>, sources: readonly ObservableInput<unknown>[]): null {
  let index = 0;
  const goOn = (): void => {
    while (index < sources.length && !isInput(sources[index]!)) index++;
    if (index >= sources.length) return dest.complete();
    const input = new ResumingSubscriber(dest);
    from(sources[index++]!).subscribe(input);
    input.add(goOn);
  };
  goOn();
  return null;
}

class ResumingSubscriber extends Subscriber<unknown> {
  constructor(private readonly dest: Subscriber<unknown>) {
    super(dest);
  }

  protected override _next(value: unknown): void {
    this.dest.next(value);
  }

  protected override _error(): void {
    this.unsubscribe();
  }

  protected override _complete(): void {
    this.unsubscribe();
  }
}

class ResumeNextCore<R> extends MergeInputsCore<R> {
  constructor(dest: Subscriber<R>, site: Site, sources: readonly ObservableInput<unknown>[]) {
    super(dest, site, sources, 1);
  }

  override onError(_error: unknown, input: number): void {
    this.inputs[input]?.unsubscribe();
    this.onComplete();
  }
}
