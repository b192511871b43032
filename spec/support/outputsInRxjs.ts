import type { Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';

import { format } from './format.js';

/** What a program of RxJS emits in virtual time, written down as `VirtualJob` does. */
export function outputsInRxjs(program: () => Observable<unknown>, lastFrame: number): string[] {
  const lines: string[] = [];
  const scheduler = new TestScheduler(() => true);
  scheduler.run(() => {
    scheduler.maxFrames = lastFrame;
    const note = (what: string) => lines.push(`${scheduler.frame} ${what}`);
    program().subscribe({
      next: (value) => note(`next ${format(value)}`),
      error: (error: unknown) => note(`error ${String(error)}`),
      complete: () => note('complete'),
    });
  });
  return lines;
}
