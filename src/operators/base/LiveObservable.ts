import type { Live, LiveStatus } from '../../checkpoint/protocol/LiveHandle.js';
import { LIVE, LiveHandle } from '../../checkpoint/protocol/LiveHandle.js';
import { CheckpointedObservable } from './CheckpointedObservable.js';
import type { Definition } from './Site.js';

/** What a live Observable is: its name in messages and structural names, its id and its key. */
export interface LiveIdentity<K> {
  readonly operator: 'group' | 'window' | 'shared';
  /** Job-wide; 0 outside of a job. */
  readonly id: number;
  /** Of a group; others have none. */
  readonly key: K;
}

/**
 * An Observable that an operator hands out as a value and feeds: a group, a window. In a snapshot a handle stands for
 * it, by its job-wide id.
 */
export class LiveObservable<K, T> extends CheckpointedObservable<T> implements Live {
  status: LiveStatus = 'live';
  error: unknown = undefined;
  readonly id: number;
  readonly key: K;

  constructor({ id, key }: LiveIdentity<K>, definition: Definition<T>) {
    super(definition);
    this.id = id;
    this.key = key;
  }

  [LIVE](): LiveHandle {
    return new LiveHandle(this.id, this.status, this.key, this.error);
  }
}
