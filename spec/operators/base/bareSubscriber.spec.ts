import { expect, test } from '@jest/globals';
import { Subscriber } from 'rxjs';

import { FreeInner, NodeInner } from '../../../src/operators/base/Inner.js';
import type { JobInnersOf } from '../../../src/operators/base/Inner.js';
import { LiveInner } from '../../../src/operators/base/LiveInner.js';
import type { OperatorCore } from '../../../src/operators/base/OperatorCore.js';
import { Input } from '../../../src/operators/base/OperatorCore.js';
import { PlainInner } from '../../../src/operators/base/PlainInner.js';
import { SyncSubscriber } from '../../../src/operators/base/SyncSubscriber.js';
import { TimerInner } from '../../../src/sources/TimerInner.js';

const operator = { operator: 'nothing', next: () => undefined, capture: () => null, restore: () => null };

const home = (dest: Subscriber<unknown>): JobInnersOf<unknown> => ({ dest }) as JobInnersOf<unknown>;

/** Of each class, by how it is told where it emits to. */
const inners: Record<string, (dest: Subscriber<unknown>) => Subscriber<unknown>> = {
  FreeInner: (dest) => new FreeInner(home(dest), 0, null),
  NodeInner: (dest) => new NodeInner(home(dest), 0, null),
  PlainInner: (dest) => new PlainInner(home(dest), 0, null),
  LiveInner: (dest) => new LiveInner(home(dest), 0, null, {} as never),
  TimerInner: (dest) => new TimerInner(home(dest), 0, null, {} as never),
};
const inputs: typeof inners = {
  Input: (dest) => new Input({} as OperatorCore<unknown, unknown>, 0, dest, false),
  SyncSubscriber: (dest) => new SyncSubscriber(dest, null, operator, null, () => null),
};

/** What RxJS's constructors put there. */
const fields = (subscriber: Subscriber<unknown>): Record<string, unknown> => {
  const made = subscriber as unknown as Record<string, unknown>;
  return Object.fromEntries(Object.keys(new Subscriber()).map((name) => [name, name in made ? made[name] : 'missing']));
};

// It is left by its operator: the consumer does not know of it.
test.each(Object.entries(inners))("%s has the fields of RxJS's subscribers", (_name, create) => {
  const dest = new Subscriber<unknown>();

  const inner = create(dest);

  expect(inner).toBeInstanceOf(Subscriber);
  expect(fields(inner)).toEqual({ ...fields(new Subscriber()), destination: dest });
});

test.each(Object.entries(inputs))('%s has them, and is left when the consumer is', (_name, create) => {
  const dest = new Subscriber<unknown>();

  const input = create(dest);

  expect(input).toBeInstanceOf(Subscriber);
  expect(fields(input)).toEqual(fields(new Subscriber(dest)));
  dest.unsubscribe();
  expect(input.closed).toBe(true);
});
