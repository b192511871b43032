import { defer, EMPTY, Subject, takeUntil } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';

import type { JobWorld } from '../support/checkpointLaw.js';
import { LAST_FRAME, plainStages, write } from '../support/checkpointLaw.js';
import { theirs } from '../support/Library.js';
import type { chained } from '../support/checkpointLaw.js';

type Input = Parameters<NonNullable<Parameters<typeof plainStages>[1]>>[0];

/**
 * What stock RxJS gives when inputs complete at a time, behind everything else that is due then. An operator may have its
 * further inputs as such, or in inner pipelines, which run to their own ends: one output for each way.
 */
export function drainedOutputs(chain: ReturnType<typeof chained>, world: JobWorld, at: number): string[][] {
  const ways = [outputWhen(chain, world, at, 1), outputWhen(chain, world, at, Infinity)];
  return ways[0]!.join() === ways[1]!.join() ? [ways[0]!] : ways;
}

/** @param count - of inputs that end. */
function outputWhen(chain: ReturnType<typeof chained>, world: JobWorld, at: number, count: number): string[] {
  const scheduler = new TestScheduler(() => true);
  const lines: string[] = [];
  const note = (line: string): void => void lines.push(`${scheduler.frame} ${line}`);
  const drain$ = new Subject<void>();
  let isDrained = false;
  const ending = (input$: Input): Input => defer(() => (isDrained ? EMPTY : input$.pipe(takeUntil(drain$))));
  const stages = plainStages(world, (input$, index) => (index < count ? ending(input$) : input$));
  scheduler.run(({ flush }) => {
    scheduler.maxFrames = at;
    chain(theirs, stages).subscribe({
      next: (value) => note(`next ${write(value)}`),
      error: (error: unknown) => note(`error ${String(error)}`),
      complete: () => note('complete'),
    });
    flush();
    scheduler.frame = at;
    isDrained = true;
    drain$.next();
    scheduler.maxFrames = LAST_FRAME;
  });
  return lines;
}
