import type { Observable, Subscriber } from 'rxjs';

import type { CheckpointedOperator, MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { CheckpointedObservable } from './base/CheckpointedObservable.js';
import { connectOutside } from './base/connectOutside.js';
import { lift } from './base/lift.js';
import type { Site, Upstream } from './base/Site.js';

/**
 * Calls back when the result ends, whichever way: it completed, it failed, or its subscriber has left.
 *
 * **Checkpoint:** nothing. A restore repeats the call for what ends again. What a killed process leaves is not finalized,
 * and neither is a pipeline whose restore failed.
 *
 * ```text
 * source  -1-%-2-|
 *         finalize(log)
 * result  -1-%-2-|      and then log
 * ```
 *
 * @example
 * const rows$ = query$.pipe(finalize(() => connection.close()));
 * @param callback - what it throws goes to whoever unsubscribes.
 */
export function finalize<T>(callback: () => void): MonoTypeOperatorFunction<T> {
  const apply = (source: Observable<T>): Observable<T> => {
    if (!(source instanceof CheckpointedObservable)) {
      return lift<T, T>(source, (dest, lifted) => finalized(dest, () => void lifted.subscribe(dest), callback));
    }
    return new CheckpointedObservable<T>({
      operator: 'finalize',
      isStateful: false,
      inputs: [source],
      endsAtOnce: source.definition.endsAtOnce === true,
      connect(dest, site) {
        if (site !== null) return connectInJob(dest, site, callback);
        finalized(dest, () => connectOutside<T>(source as CheckpointedObservable<T>, dest), callback);
        return null;
      },
    });
  };
  return apply as CheckpointedOperator<T, T>;
}

function finalized(dest: Subscriber<never>, subscribe: () => void, callback: () => void): void {
  try {
    subscribe();
  } finally {
    dest.add(callback);
  }
}

/** What never opened was never there: a part that is connected for what lives on above it, or a restore that failed. */
function connectInJob(dest: Subscriber<never>, site: Site, callback: () => void): Upstream | null {
  let isOpen = false;
  const outer = dest.closed;
  const upstream = site.connectInput(0, dest);
  if (outer) return upstream;
  const open = (): void => void (isOpen = true);
  // Restored timers that are overdue may bring the end, and come before all that opens.
  site.run.connecting.queueOverdue(open);
  site.run.connecting.queue({ open });
  dest.add(() => {
    if (isOpen) callback();
  });
  return upstream;
}
