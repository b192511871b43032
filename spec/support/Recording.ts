import type { Observable } from 'rxjs';
import { isObservable } from 'rxjs';

import { format } from './format.js';

/** Values are the consumer's once they are emitted: nobody else may be surprised when it changes them. */
export function changeAsUsersMay(value: unknown): void {
  if (Array.isArray(value) && !Object.isFrozen(value)) value.push('changed by the consumer');
}

/** Everything that a run showed, in order, each line with the frame in which it happened. */
export class Recording {
  readonly lines: string[] = [];
  private groups = 0;

  constructor(private readonly frame: () => number) {}

  readonly note = (what: string, ...values: unknown[]): void => {
    this.lines.push(`${this.frame()} ${what}${values.map((value) => ` ${format(value)}`).join('')}`);
  };

  /** Notes a value; an Observable (a group) is subscribed and recorded as well. */
  next(who: string, value: unknown): void {
    if (!isObservable(value)) {
      this.note(`${who} next`, value);
      return changeAsUsersMay(value);
    }
    const name = `${who}.${this.groups++}`;
    this.note(`${who} next ${name} of`, (value as { key?: unknown }).key);
    this.subscribe(name, value);
  }

  private subscribe(name: string, observable: Observable<unknown>): void {
    observable.subscribe({
      next: (value) => this.next(name, value),
      error: (error: unknown) => this.note(`${name} error`, error),
      complete: () => this.note(`${name} complete`),
    });
  }
}
