import type { SchedulerLike } from 'rxjs';
import { asyncScheduler } from 'rxjs';

import type { CheckpointedObservable } from '../../src/operators/base/CheckpointedObservable.js';
import { fromArray } from '../../src/sources/fromArray.js';
import { fromObservable } from '../../src/sources/fromObservable.js';
import type { Random } from '../../src/testing/random.js';
import type { InputSpec, Message, Value } from '../support/InputSpec.js';
import { ThrownByInput } from '../support/InputSpec.js';
import { timedObservable } from '../support/timedSource.js';
import type { InputEnd, OpenedInput, PulledInput, Read } from './PulledInput.js';
import { simulatedRemote } from './SimulatedRemote.js';
import { Violation } from './Violation.js';

/** An input that is the same in all lives. */
export interface ListSpec {
  readonly kind: 'array' | 'observable' | 'remote';
  readonly input: InputSpec;
}

export class ListInput implements PulledInput {
  private readonly messages: readonly Message[];
  private readonly values: readonly Value[];
  private readonly end: InputEnd;

  constructor(private readonly spec: ListSpec) {
    const { kind, input } = spec;
    this.messages = input.messages;
    const end = this.messages.findIndex((message) => message.kind !== 'next');
    this.values = (end < 0 ? this.messages : this.messages.slice(0, end)).map(({ value }) => value);
    if (kind === 'array' || this.messages[end]?.kind === 'complete') this.end = 'complete';
    else this.end = end < 0 ? 'never' : { error: new ThrownByInput('thrown by an input') };
  }

  open(random: Random): OpenedInput {
    const { values, end } = this;
    return {
      source$: this.source(random),
      version: 0,
      came: ({ count }, record) => {
        if (count < values.length && values[count] === record) return values[count];
        throw new Violation(`${this.spec.kind} gave ${String(record)} as its value ${count}, and not ${values[count]}`);
      },
      ended: (read) => this.checkEnd(read, 'completed', end === 'complete'),
      failed: (read, error) => this.checkEnd(read, `failed with ${String(error)}`, typeof end === 'object'),
      before: ({ count }) => values.slice(0, count),
      rest: ({ count }) => ({ values: values.slice(count), end }),
    };
  }

  private checkEnd({ count }: Read, what: string, isDue: boolean): void {
    if (count !== this.values.length || !isDue)
      throw new Violation(`${this.spec.kind} ${what} after ${count} of ${this.values.length} values`);
  }

  private source(random: Random): CheckpointedObservable<Value> {
    if (this.spec.kind === 'array') return fromArray(this.values, { scheduler: sliced() });
    if (this.spec.kind === 'remote') return simulatedRemote(this.messages, random, () => {});
    return fromObservable(timedObservable(this.messages, () => 0));
  }
}

/** Whoever looks at its clock again has taken long: a slice is over after a few values. */
function sliced(): SchedulerLike {
  let looks = 0;
  return {
    now: () => asyncScheduler.now() + 3 * looks++,
    schedule: asyncScheduler.schedule.bind(asyncScheduler),
  };
}
