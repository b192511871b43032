import type { Observable } from 'rxjs';

import { write } from '../support/checkpointLaw.js';
import type { Stage } from '../support/Stage.js';

/** What the operators have besides their source is for those that combine; none of them runs here. */
export function stagesOn(source: Observable<unknown>): Stage[] {
  const stage = { source, note: () => {} } as unknown as Stage;
  return [stage, stage, stage];
}

/** What has come out of it: they grow. */
export function linesOf(output$: Observable<unknown>): string[] {
  const lines: string[] = [];
  output$.subscribe({
    next: (value) => lines.push(`next ${write(value)}`),
    error: (error: unknown) => lines.push(`error ${String(error)}`),
    complete: () => lines.push('complete'),
  });
  return lines;
}
