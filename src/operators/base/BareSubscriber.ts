import { Subscriber } from 'rxjs';

/**
 * RxJS's `Subscriber` without its constructor. All classes of subscribers go through that one, so each of its six stores is
 * a search. A class that extends this sets RxJS's fields in its own constructor, in RxJS's order, and is added to whom it
 * emits to if it is to be left with that (decision 0312).
 */
export const BareSubscriber = withoutConstructor() as unknown as abstract new <T>() => Subscriber<T>;

/** In a function: bundlers may be told to drop what writes a property at the top of a module. */
function withoutConstructor(): () => void {
  const bare = function (): void {};
  bare.prototype = Subscriber.prototype;
  return bare;
}
