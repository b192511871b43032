import { CheckpointedObservable } from '../../operators/base/CheckpointedObservable.js';
import type { Upstream } from '../../operators/base/Site.js';

/** The same stream; tells how to pause it, once it is connected in a job. */
export function catchUpstream<T>(
  source: CheckpointedObservable<T>,
  onUpstream: (upstream: Upstream) => void,
): CheckpointedObservable<T> {
  return new CheckpointedObservable<T>({
    operator: 'catchUpstream',
    isStateful: false,
    inputs: [source],
    connect(dest, site) {
      if (site === null) {
        source.subscribe(dest);
        return null;
      }
      const upstream = site.connectInput(0, dest);
      if (upstream !== null) onUpstream(upstream);
      return upstream;
    },
  });
}
