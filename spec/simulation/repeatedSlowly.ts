import type { SchedulerLike } from 'rxjs';
import { Observable } from 'rxjs';

import { timedObservable } from '../support/timedSource.js';
import type { Message, Value } from '../support/InputSpec.js';
import { deliver } from '../support/InputSpec.js';

/** So many times in a frame it repeats something: the times have to be exact. */
const PARTS = 4;
/** If nothing is due any more. */
const LONGEST = 2;

/**
 * What comes late to a server that has sent its first messages already: it repeats those one by one, as late as there is
 * time for before the next one is due, and then goes on as ever.
 */
export function repeatedSlowly(messages: readonly Message[], age: number, scheduler: SchedulerLike): Observable<Value> {
  const now = scheduler.now();
  const start = now - age;
  const sent = messages.filter(({ frame }) => frame <= age).length;
  const due = start + (messages[sent]?.frame ?? age + LONGEST);
  const first = (Math.floor(now * PARTS) + 1) / PARTS;
  const last = (Math.ceil(due * PARTS) - 1) / PARTS;
  const timeOf = (index: number): number => Math.max(first, last - (sent - 1 - index) / PARTS);
  if (last < first) return timedObservable(messages, () => age, scheduler);
  return new Observable((subscriber) => {
    const goOn = (index: number): void => {
      if (subscriber.closed || index === messages.length) return;
      const time = index < sent ? timeOf(index) : start + messages[index]!.frame;
      const send = (): void => {
        deliver(messages[index]!, subscriber);
        goOn(index + 1);
      };
      const left = time - scheduler.now();
      if (left <= 0) send();
      else subscriber.add(scheduler.schedule(send, left));
    };
    goOn(0);
  });
}
