import type { CheckpointedObservable, CheckpointedOperator } from 'rxjs-checkpoint';
import { concatMap, delay, map, of, skip, tap, uid } from 'rxjs-checkpoint';
import { fromFile, lines } from 'rxjs-checkpoint/node';

/** A line of the file, numbered from 1. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

export interface PaceOptions {
  /** How many lines a second to let through, about. */
  readonly linesPerSecond: number;
  /** How many lines at the start are no records. */
  readonly headerLines?: number;
  /** Told of each line when it has been read from the file … */
  readonly onRead?: (line: number) => void;
  /** … and when it goes on into the rest of the pipeline. */
  readonly onHandled: (line: number) => void;
}

/**
 * The lines of a file, slowly. The lines that wait for their turn and the timer that they wait for are state like any
 * other: after a restart, the pace goes on where it was.
 */
export function pacedLines(path: string, options: PaceOptions): CheckpointedObservable<Line> {
  const { headerLines = 0, linesPerSecond, onHandled, onRead } = options;
  return fromFile(path, lines())
    .pipe(
      uid('file'),
      skip(headerLines),
      uid('header'),
      map((text, index): Line => ({ number: index + 1, text })),
      uid('number'),
    )
    .pipe(
      tap(({ number }) => onRead?.(number)),
      pace(linesPerSecond),
      uid('pace'),
      tap(({ number }) => onHandled(number)),
    );
}

/** Timers are late by a millisecond or two, so each wait lets several records through. */
const TICK_MS = 20;

function pace<T>(perSecond: number): CheckpointedOperator<T, T> {
  const perTick = Math.max(1, Math.round((perSecond * TICK_MS) / 1_000));
  return concatMap((record: T, index: number) =>
    index % perTick === 0 ? of(record).pipe(delay(TICK_MS)) : of(record),
  );
}
