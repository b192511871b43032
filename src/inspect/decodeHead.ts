import { unflatten } from 'devalue';

import { codecTypes } from '../checkpoint/codecTypes.js';
import type { Snapshot } from '../checkpoint/protocol/Snapshot.js';
import { decodeValue } from '../checkpoint/store/codec.js';

/** All of a snapshot but its state. */
export type SnapshotHead = Omit<Snapshot, 'state'>;

/**
 * What stands beside the state in an encoded snapshot. The state may be most of the checkpoint, so it is parsed as JSON
 * only, and not made into values.
 *
 * @throws UnreadableSnapshotError
 */
export function decodeHead(bytes: Uint8Array): SnapshotHead {
  const values = parseJson(bytes);
  const first = Array.isArray(values) ? (values as unknown[])[0] : undefined;
  if (typeof first === 'object' && first !== null && !Array.isArray(first)) {
    try {
      return unflatten([{ ...first, state: UNDEFINED }, ...(values as unknown[]).slice(1)] as number[]) as SnapshotHead;
    } catch {
      // Something of ours stands in there, or it is damaged: the way that tells.
    }
  }
  return decodeValue(bytes, codecTypes) as Snapshot;
}

/** How devalue writes undefined. */
const UNDEFINED = -1;

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}
