import { defer, EMPTY, Subject, takeUntil } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';

import type { JobWorld } from '../support/checkpointLaw.js';
import { LAST_FRAME, plainStages, write } from '../support/checkpointLaw.js';
import { theirs } from '../support/Library.js';
import type { chained } from '../support/checkpointLaw.js';

type Input = Parameters<NonNullable<Parameters<typeof plainStages>[1]>>[0];

/**
 * What stock RxJS gives when inputs complete at a time, behind everything else that is due then. An operator may have its
 * further inputs and its pauses as such, or in inner pipelines, which run to their own ends: one output for each way.
 *
 * @param length - of the chain.
 */
export function drainedOutputs(
  chain: ReturnType<typeof chained>,
  world: JobWorld,
  { at, length }: { readonly at: number; readonly length: number },
): string[][] {
  const ways = new Map<string, string[]>();
  for (let ending = 0; ending < 2 ** (2 * length); ending++) {
    const output = outputWhen(chain, world, at, { ending, length });
    ways.set(output.join('\n'), output);
  }
  return [...ways.values()];
}

/** What ends: a bit for each operator says whether its further inputs do, and another one whether its pauses do. */
interface Way {
  readonly ending: number;
  readonly length: number;
}

function outputWhen(chain: ReturnType<typeof chained>, world: JobWorld, at: number, { ending, length }: Way): string[] {
  const scheduler = new TestScheduler(() => true);
  const lines: string[] = [];
  const note = (line: string): void => void lines.push(`${scheduler.frame} ${line}`);
  const drain$ = new Subject<void>();
  let isBuilt = false;
  let isDrained = false;
  const ended = (input$: Input): Input => defer(() => (isDrained ? EMPTY : input$.pipe(takeUntil(drain$))));
  const stages = plainStages(world, (input$, index) => {
    // Two for each operator, behind the source.
    const bit = index < 0 ? length - 1 - index : (index - 1) >> 1;
    // One that a projection asks for is in an inner pipeline.
    if (index < 0 && isBuilt) return input$;
    const isEnding = index === 0 || ((ending >> bit) & 1) === 1;
    return isEnding ? ended(input$) : input$;
  });
  scheduler.run(({ flush }) => {
    scheduler.maxFrames = at;
    const output$ = chain(theirs, stages);
    isBuilt = true;
    output$.subscribe({
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
