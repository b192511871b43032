import type { ObservableInput } from 'rxjs';
import { from } from 'rxjs';

import { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { JournaledSource } from './JournaledSource.js';

/**
 * Makes a hot source replayable: a WebSocket, DOM events, a Subject. In a job, each value is written to the job's
 * storage before it is emitted into the pipeline. After a crash the pipeline is restored from the newest checkpoint, the
 * values that were written since are emitted again, and then live ones follow: each counts exactly once.
 *
 * Values that come while a write is under way are written together, as one. So a value is emitted as late as the storage
 * makes it durable, and while the storage is slow, or the pipeline paused, values queue up in memory.
 *
 * - What was written and not yet emitted at a crash is emitted after the restart. What was not yet written is lost, as
 *   if it had never come: that, and what comes while nothing runs, is the edge of the guarantee.
 * - What is emitted is a copy, as a restart would give it. A value that cannot be stored (a DOM event, say) is an error
 *   of the pipeline: put RxJS's `map` before, `journaled(fromEvent(button, 'click').pipe(map(({ x, y }) => ({ x, y }))))`.
 * - A completion is written as well. An error is not: it is passed on behind the values before it, and a restart
 *   subscribes again.
 * - If the storage fails to write, the pipeline ends with a `StorageError`. What is not written is never emitted.
 *   `retry()` behind `recover()` goes on behind what was written.
 * - Attempts of `retry` and `repeat` share one journal: each goes on behind what the one before was given.
 * - All journals of a job have one order, in which their values came: so they are emitted, and emitted again after a crash.
 * - Within a projection (`mergeMap`, `switchMap` …) the journal belongs to the index of the inner pipeline, so what is
 *   above has to be replayable, too: journaled, or a file.
 *
 * Outside of a job it is the source itself.
 *
 * **Checkpoint:** the number of the next value (`position.offset`). What was written before the oldest retained
 * checkpoint is removed when a checkpoint completes. A restore emits what was written since the checkpoint, then what is
 * live.
 *
 * ```text
 * source  -1-2---3-|
 *         journaled(source$)
 * result  --1-2-%--3-|      restored from %: 3 comes from the journal, and so does the end
 * ```
 *
 * @example
 * const prices$ = journaled(webSocket<Price>('wss://example.com/prices')).pipe(
 *   uid('prices'),
 *   scan((totals, { name, price }) => ({ ...totals, [name]: price }), {}),
 *   uid('totals'),
 * );
 * @param source - anything that RxJS can subscribe to, except for a checkpointed pipeline.
 * @throws TypeError for a `CheckpointedObservable`, whose own sources know where to go on.
 */
export function journaled<T>(source: ObservableInput<T>): CheckpointedObservable<T> {
  if (source instanceof CheckpointedObservable) {
    throw new TypeError(
      'journaled() takes a plain Observable, and this one is checkpointed: its state would be in no checkpoint. ' +
        'Put journaled() around the source itself, and the operators behind it.',
    );
  }
  const observable = from(source);
  return new CheckpointedObservable<T>({
    operator: 'journaled',
    isStateful: true,
    inputs: [],
    connect(dest, site) {
      if (site !== null) return new JournaledSource(dest, site, observable).connect();
      observable.subscribe(dest);
      return null;
    },
  });
}
