import type { ObservableInput, ObservedValueOf } from 'rxjs';

/** The projection of the operators whose values are themselves what is subscribed to. */
export function flattened<O extends ObservableInput<unknown>>(inner: O): ObservableInput<ObservedValueOf<O>> {
  return inner as ObservableInput<ObservedValueOf<O>>;
}
