import type { Subscription, Unsubscribable } from 'rxjs';
import { UnsubscriptionError } from 'rxjs';

import { Roster } from '../../checkpoint/protocol/Roster.js';
import type { Inner } from './Inner.js';

/**
 * The live inners of an operator, which are one teardown of its consumer. In RxJS each is one of its own, and with every
 * value one is added there and another taken away: about a tenth of what an inner costs.
 */
export class Inners<T> extends Roster<Inner<T, unknown>> implements Unsubscribable {
  private isInPlace = false;
  private isLeft = false;

  /** Takes its place among the consumer's teardowns, unless it has one, or some that came before have theirs there. */
  takePlace(dest: Subscription): void {
    if (this.isInPlace || this.size > 0) return;
    this.isInPlace = true;
    dest.remove(this);
    dest.add(this);
  }

  /** Others have come there: inners from now on are left after them, as in RxJS. */
  losePlace(): void {
    this.isInPlace = false;
  }

  /** Who comes when the consumer has left is left at once. */
  override add(inner: Inner<T, unknown>): void {
    if (this.isLeft) inner.unsubscribe();
    else super.add(inner);
  }

  /** @throws UnsubscriptionError with all that teardowns have thrown. */
  unsubscribe(): void {
    this.isLeft = true;
    let errors: unknown[] | null = null;
    for (const inner of this) {
      try {
        inner.unsubscribe();
      } catch (error) {
        (errors ??= []).push(...(error instanceof UnsubscriptionError ? (error.errors as unknown[]) : [error]));
      }
    }
    if (errors !== null) throw new UnsubscriptionError(errors);
  }
}
