import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Run } from '../checkpoint/protocol/Run.js';
import type { Snapshot } from '../checkpoint/protocol/Snapshot.js';
import { Sweep } from '../checkpoint/Sweep.js';

/** The snapshots of a checkpoint, in tests whose time is virtual and waits for nobody. */
export function collectAtOnce(run: Run, capture: Capture): Map<string, Snapshot> {
  const { snapshots, late } = new Sweep(run, capture).collect();
  if (late.size === 0) return snapshots;
  const [operator] = late.keys();
  throw new Error(
    `Operator '${operator}' hands over its snapshot as a Promise, and marbles cannot wait for one. Try it with crashAtEachStep.`,
  );
}
