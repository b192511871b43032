import type { Observable, ShareConfig, Subscriber } from 'rxjs';
import { Subject } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { CheckpointedObservable } from './base/CheckpointedObservable.js';
import { constructionScope } from './base/construction.js';
import { lift } from './base/lift.js';
import type { CreateHub } from './JobShareHub.js';
import { JobShareHub } from './JobShareHub.js';
import { ShareHub } from './ShareHub.js';

/**
 * Makes an operator that shares one subscription to its source.
 *
 * @param operator - its name in RxJS.
 */
export function sharing<T>(operator: string, options: ShareConfig<T>): CheckpointedOperator<T, T> {
  const {
    connector = () => new Subject<T>(),
    resetOnError = true,
    resetOnComplete = true,
    resetOnRefCountZero = true,
  } = options;
  const config: Required<ShareConfig<T>> = { connector, resetOnError, resetOnComplete, resetOnRefCountZero };
  const apply = (source: Observable<T>): Observable<T> => {
    const outside = new ShareHub<T>(config);
    if (!(source instanceof CheckpointedObservable))
      return lift<T, T>(source, (dest, lifted) => outside.join(dest, lifted));
    return sharedNode(operator, source as CheckpointedObservable<T>, config, outside);
  };
  return apply as CheckpointedOperator<T, T>;
}

function sharedNode<T>(
  operator: string,
  source: CheckpointedObservable<T>,
  config: Required<ShareConfig<T>>,
  outside: ShareHub<T>,
): CheckpointedObservable<T> {
  const shared = { constructedIn: constructionScope() };
  return new CheckpointedObservable<T>({
    operator,
    isStateful: true,
    outlivesConsumer: true,
    inputs: [source],
    shared,
    isJoined: true,
    connect(dest: Subscriber<T>, site) {
      if (site !== null) {
        const create: CreateHub<T> = (...place) => new JobShareHub<T>(config, ...place);
        return JobShareHub.of({ operator, shared, uid: site.uid }, site, create).joinInJob(dest, site);
      }
      outside.join(dest, source);
      return null;
    },
  });
}
