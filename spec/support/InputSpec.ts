import fc from 'fast-check';
import type { Observer } from 'rxjs';

/** What comes from the inputs of a random pipeline. */
export type Value = number | undefined;

export const values: Readonly<Record<string, Value>> = { a: 0, b: 1, c: 2, d: 3, u: undefined };

const letters = fc.constantFrom(...Object.keys(values));

export class ThrownByInput extends Error {
  override name = 'ThrownByInput';
}

export interface Message<T = Value> {
  readonly frame: number;
  readonly kind: 'next' | 'error' | 'complete';
  readonly value: T;
}

/** Notifies whoever listens. */
export function deliver({ kind, value }: Pick<Message, 'kind' | 'value'>, observer: Observer<Value>): void {
  if (kind === 'next') observer.next(value);
  else if (kind === 'error') observer.error(new ThrownByInput('thrown by an input'));
  else observer.complete();
}

/**
 * An input: `cold` and `hot` as in RxJS's marble tests; `sync` emits all when it is subscribed and stops when nobody
 * listens any more; `rude` does not stop, and goes on after its end.
 */
export class InputSpec {
  private parsed: readonly Message[] | null = null;

  constructor(
    readonly kind: 'cold' | 'hot' | 'sync' | 'rude',
    readonly marbles: string,
  ) {}

  get messages(): readonly Message[] {
    return (this.parsed ??= parse(this.marbles, (letter) => values[letter]));
  }

  toString(): string {
    return `${this.kind}('${this.marbles}')`;
  }

  [fc.toStringMethod](): string {
    return this.toString();
  }
}

const end = fc.constantFrom('|', '|', '|', '#', '');
const gap = fc.constantFrom('-', '--', '-');

const group = fc
  .tuple(fc.array(letters, { minLength: 1, maxLength: 3 }), end)
  .map(([items, last]) => ({ items, last }));

/** Marbles of `length` tokens at most: never, empty, errors and groups included. */
function marbles(length: number): fc.Arbitrary<string> {
  const token = fc.oneof(
    { weight: 4, arbitrary: gap },
    { weight: 5, arbitrary: letters },
    { weight: 1, arbitrary: group.map(({ items }) => `(${items.join('')})`) },
  );
  return fc.tuple(fc.array(token, { maxLength: length }), fc.oneof(end, group)).map(([tokens, last]) => {
    const tail = typeof last === 'string' ? last : `(${last.items.join('')}${last.last})`;
    return tokens.join('') + tail;
  });
}

const atOnce = fc.tuple(fc.array(letters, { maxLength: 6 }), end).map(([items, last]) => items.join('') + last);
const afterEnd = fc
  .array(fc.oneof(letters, fc.constantFrom('|', '#')), { maxLength: 3 })
  .map((items) => items.join(''));

export function inputSpecs(length: number): fc.Arbitrary<InputSpec> {
  const kind = fc.constantFrom('cold' as const, 'cold' as const, 'hot' as const, 'hot' as const);
  return fc.oneof(
    { weight: 5, arbitrary: fc.tuple(kind, marbles(length)).map(([k, m]) => new InputSpec(k, m)) },
    { weight: 2, arbitrary: atOnce.map((m) => new InputSpec('sync', m)) },
    { weight: 1, arbitrary: fc.tuple(atOnce, afterEnd).map(([m, after]) => new InputSpec('rude', m + after)) },
  );
}

/** Those that repeat, for jobs that are restarted. */
export function repeatableSpecs(length: number): fc.Arbitrary<InputSpec> {
  return fc.oneof(
    { weight: 5, arbitrary: marbles(length).map((m) => new InputSpec('cold', m)) },
    { weight: 1, arbitrary: atOnce.map((m) => new InputSpec('sync', m)) },
  );
}

/** As RxJS's run mode counts: every character is a frame, the items of a group share its first. */
export function parse<T>(marbles: string, valueOf: (letter: string) => T): Message<T | undefined>[] {
  const messages: Message<T | undefined>[] = [];
  let groupFrame = -1;
  [...marbles].forEach((character, i) => {
    const frame = groupFrame < 0 ? i : groupFrame;
    if (character === '(') groupFrame = i;
    else if (character === ')') groupFrame = -1;
    else if (character === '|') messages.push({ frame, kind: 'complete', value: undefined });
    else if (character === '#') messages.push({ frame, kind: 'error', value: undefined });
    else if (character !== '-') messages.push({ frame, kind: 'next', value: valueOf(character) });
  });
  return messages;
}
