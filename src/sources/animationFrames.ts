import type { TimestampProvider } from 'rxjs';
import { animationFrames as rxAnimationFrames } from 'rxjs';

import type { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { plainNode } from '../operators/base/plainNode.js';

/**
 * Emits before each repaint of the page: when that is, and how much time has passed since the subscription.
 *
 * **Checkpoint:** nothing that could be restored. A restore starts afresh: `elapsed` begins at 0 again.
 *
 * @example
 * const faded$ = animationFrames().pipe(map(({ elapsed }) => Math.min(1, elapsed / 300)));
 * @param timestampProvider - the clock. Default: `performance`.
 */
export function animationFrames(
  timestampProvider?: TimestampProvider,
): CheckpointedObservable<{ timestamp: number; elapsed: number }> {
  return plainNode(rxAnimationFrames(timestampProvider), { operator: 'animationFrames', isHot: true });
}
