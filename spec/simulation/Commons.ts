import type { Observable } from 'rxjs';

import type { SimulatedInputs } from './SimulatedInputs.js';

/** What the pipelines of a job have in common, from one start of all of them to the next. */
export class Commons {
  /** Whether what is above the part has ended, or nobody uses it any more. */
  isOver = false;
  private shared: Observable<unknown> | null = null;
  private sharedInputs: SimulatedInputs | null = null;

  /** The part that they share: that of whoever comes first. */
  part(make: () => Observable<unknown>): Observable<unknown> {
    return (this.shared ??= make());
  }

  /** What the shared part has for inputs. */
  inputs(make: () => SimulatedInputs): SimulatedInputs {
    return (this.sharedInputs ??= make());
  }
}
