import type { Subscriber } from 'rxjs';

import type { LiveHandle } from '../../checkpoint/protocol/LiveHandle.js';
import { connectSilent } from './SilentSource.js';
import type { Definition } from './Site.js';

/** For a live Observable that had ended before a restore: it ends whoever subscribes in the same way. */
export function endedDefinition(handle: LiveHandle): Definition<unknown> {
  return {
    operator: 'group',
    inputs: [],
    isStateful: false,
    connect(dest, site) {
      if (site === null) endLike(dest, handle);
      else if (handle.status === 'abandoned') return connectSilent(dest, site);
      else site.run.connecting.queue({ open: () => site.run.turn(() => endLike(dest, handle)) });
      return null;
    },
  };
}

function endLike(dest: Subscriber<unknown>, { status, error }: LiveHandle): void {
  if (status === 'completed') dest.complete();
  else if (status === 'errored') dest.error(error);
}
