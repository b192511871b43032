import type { Subscriber } from 'rxjs';
import { ObjectUnsubscribedError } from 'rxjs';

import type { LiveHandle } from '../../checkpoint/protocol/LiveHandle.js';
import { connectForsaken } from './SilentSource.js';
import type { Definition } from './Site.js';

/** For a live Observable that had ended before a restore: it ends whoever subscribes in the same way. */
export function endedDefinition(handle: LiveHandle): Definition<unknown> {
  return {
    operator: 'live',
    inputs: [],
    isStateful: false,
    connect(dest, site) {
      const { status } = handle;
      if (site === null) endLike(dest, handle);
      else if (status === 'abandoned' || status === 'closed') return connectForsaken(dest, site, status);
      else site.run.connecting.queue({ open: () => site.run.turn(() => endLike(dest, handle)) });
      return null;
    },
  };
}

function endLike(dest: Subscriber<unknown>, { status, error }: LiveHandle): void {
  if (status === 'completed') dest.complete();
  else if (status === 'errored') dest.error(error);
  else if (status === 'closed') dest.error(new ObjectUnsubscribedError());
}
