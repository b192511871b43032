import { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { MarbleInput } from './MarbleInput.js';
import type { TestMessage } from './marbles.js';
import type { SubscriptionLog, Tape } from './Tape.js';

/**
 * A source of a pipeline that emits what marbles say: what `hot` and `cold` of a CheckpointTestScheduler give.
 *
 * **Checkpoint:** the position in the marbles. A restore goes on after it: a hot one on its own time axis, a cold one on
 * the one that it had begun.
 */
export interface MarbleSource<T> extends CheckpointedObservable<T> {
  /** What its marbles say, without barriers. As RxJS's hot and cold Observables have it. */
  readonly messages: readonly TestMessage<T>[];
  /** When it was subscribed and unsubscribed, for `expectSubscriptions`. */
  readonly subscriptions: SubscriptionLog[];
}

export function marbleSource<T>(operator: 'hot' | 'cold', options: TapeOptions<T>): MarbleSource<T> {
  return new TapeObservable(operator, options);
}

interface TapeOptions<T> {
  readonly tape: Tape<T>;
  /** All that the marbles say, also what comes after the end and is never told. */
  readonly messages: readonly TestMessage<T>[];
  /** See MarbleInput. */
  readonly onBarrier: MarbleInput<T>['onBarrier'];
}

/** What RxJS puts in the place of a cold Observable that is a value of another stream; the value itself if it is none. */
export function materializeCold(value: unknown): unknown {
  return value instanceof TapeObservable && value.definition.operator === 'cold'
    ? (value as TapeObservable<unknown>).messages
    : value;
}

class TapeObservable<T> extends CheckpointedObservable<T> implements MarbleSource<T> {
  readonly messages: readonly TestMessage<T>[];
  readonly subscriptions: SubscriptionLog[];

  constructor(operator: 'hot' | 'cold', { tape, messages, onBarrier }: TapeOptions<T>) {
    super({
      operator,
      isStateful: true,
      inputs: [],
      connect(dest, site) {
        if (site !== null) return new MarbleInput(dest, site, tape, onBarrier).connect();
        tape.outside.subscribe(dest);
        return null;
      },
    });
    this.messages = messages;
    this.subscriptions = tape.outside.subscriptions;
  }
}
