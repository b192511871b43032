import type { ObservableNotification } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';

/** Something that a stream told, and when. The same shape as in RxJS. */
export interface TestMessage<T> {
  readonly frame: number;
  readonly notification: ObservableNotification<T>;
}

/** A message of a stream in a job, where a barrier is the fourth kind. */
export interface MarbleMessage<T> {
  readonly frame: number;
  readonly notification: ObservableNotification<T> | typeof BARRIER;
}

export const BARRIER: { readonly kind: 'B' } = Object.freeze({ kind: 'B' });

export function isBarrier(message: MarbleMessage<unknown>): boolean {
  return message.notification.kind === 'B';
}

/** Without the barriers: as RxJS sees a stream. */
export function withoutBarriers<T>(messages: readonly MarbleMessage<T>[]): TestMessage<T>[] {
  return messages.filter((message): message is TestMessage<T> => !isBarrier(message));
}

/** Up to the first end: what comes after it is told to nobody. */
export function untilEnd<T>(messages: readonly MarbleMessage<T>[]): readonly MarbleMessage<T>[] {
  const end = messages.findIndex(({ notification: { kind } }) => kind === 'C' || kind === 'E');
  return end === -1 ? messages : messages.slice(0, end + 1);
}

// The fields that a kind does not have are there and undefined, as in RxJS's own notifications.
const notification = (kind: 'N' | 'E' | 'C', value: unknown, error: unknown): ObservableNotification<never> =>
  ({ kind, value, error }) as ObservableNotification<never>;

export const nextNotification = (value: unknown): ObservableNotification<never> => notification('N', value, undefined);
export const errorNotification = (error: unknown): ObservableNotification<never> => notification('E', undefined, error);
export const completeNotification: ObservableNotification<never> = notification('C', undefined, undefined);

export interface MarbleOptions {
  readonly values?: unknown;
  readonly error?: unknown;
  /** Whether time runs as within `run()`. */
  readonly isRunMode: boolean;
  /** What stands in place of a value that is a stream itself. */
  readonly materialize?: (value: unknown) => unknown;
}

/** RxJS's marbles, in which `%` is a barrier: it counts as any other letter does, alone and in groups. */
export function parseMarbles<T>(marbles: string, options: MarbleOptions): MarbleMessage<T>[] {
  const { error, isRunMode, materialize } = options;
  const values = lettersOf(options);
  const messages = TestScheduler.parseMarbles(marbles, values, error, materialize !== undefined, isRunMode);
  const barrier = values === undefined ? '%' : BARRIER;
  return (messages as TestMessage<T | typeof barrier>[]).map((message) =>
    message.notification.kind === 'N' && message.notification.value === barrier
      ? { frame: message.frame, notification: BARRIER }
      : (message as TestMessage<T>),
  );
}

/** The object that gives each letter its value, the barrier's among them; undefined if letters stand for themselves. */
function lettersOf({ values, materialize = (value) => value }: MarbleOptions): Record<string, unknown> | undefined {
  if (typeof values !== 'object' || values === null) return undefined;
  if ('%' in values)
    throw new Error("The values have one for '%', which is the barrier in these marbles. Take another letter for it.");
  const letters: Record<string, unknown> = {};
  for (const [letter, value] of Object.entries(values)) letters[letter] = materialize(value);
  return Object.assign(letters, { '%': BARRIER });
}

/** @throws Error when the marbles of a subscription have a barrier in them. */
export function refuseBarriers(subscriptionMarbles: string): void {
  if (!subscriptionMarbles.includes('%')) return;
  throw new Error(
    `'${subscriptionMarbles}' tells when something is subscribed ('^') and unsubscribed ('!'), and barriers have no part in that. ` +
      "Put '%' into the marbles of a hot or cold source, or of what a pipeline is expected to emit.",
  );
}
