import { runInNewContext } from 'node:vm';

import { describe, expect, test } from '@jest/globals';
import { enableMapSet, produce } from 'immer';
import { Subject } from 'rxjs';

import { FormerStates } from '../../../src/checkpoint/protocol/FormerStates.js';
import { freezeState } from '../../../src/checkpoint/protocol/freezeState.js';
import { CheckpointSubject, fromObservable, memoryStorage, merge, pipe, scan, share, uid } from '../../../src/index.js';
import type { Random } from '../../../src/testing/random.js';
import { random as createRandom } from '../../../src/testing/random.js';
import { settled } from '../../support/Observed.js';
import { caseCount, seed } from '../../support/seed.js';

test.each(['new Map([[1, 1]])', 'new Set([1])'])('%s of another realm is not taken for frozen unless it is', (code) => {
  const collection = runInNewContext(code) as Map<number, number> & Set<number>;
  const isProtected = freezeState(collection, 'state');
  let isChanged = true;
  try {
    if (code.includes('Map')) collection.set(2, 2);
    else collection.add(2);
  } catch {
    isChanged = false;
  }
  expect(isProtected).toBe(!isChanged);
});

test.each([
  ['Map', new Map([[1, 1]]), (map: Map<number, number>) => map.set(2, 2)],
  ['Map', new Map([[1, 1]]), (map: Map<number, number>) => map.delete(1)],
  ['Set', new Set([1]), (set: Set<number>) => set.add(2)],
  ['Set', new Set([1]), (set: Set<number>) => set.clear()],
] as [string, unknown, (collection: unknown) => void][])(
  'a %s that was frozen cannot be changed, and says what to do',
  (kind, collection, change) => {
    freezeState(collection, 'state');
    expect(() => change(collection)).toThrow(
      new TypeError(
        `This ${kind} is frozen, since it is a state that checkpoints have: return a changed copy, which new ${kind}(old) gives you, or use produce of immer.`,
      ),
    );
  },
);

test('immer changes copies of what was frozen', () => {
  enableMapSet();
  const state = { map: new Map([[1, new Set([1])]]) };
  freezeState(state, 'state');
  const next = produce(state, ({ map }) => void map.get(1)!.add(2));
  expect([...next.map.get(1)!]).toEqual([1, 2]);
  expect([...state.map.get(1)!]).toEqual([1]);
});

/** A record, and how often it was looked whether it is frozen. */
function watched(looks: { count: number }): object {
  return new Proxy({ n: 1 }, { isExtensible: (target) => (looks.count++, Reflect.isExtensible(target)) });
}

describe('of a large state that is replaced by a changed copy', () => {
  const many = 1_000;

  test.each<[string, (items: object[]) => unknown, (state: never, item: object) => unknown]>([
    [
      'an array',
      (items) => items,
      (state: object[], item) => [item, ...state.slice(3, 500), ...state.slice(510), item],
    ],
    [
      'a Map',
      (items) => new Map(items.map((item, i) => [i, item])),
      (state: Map<number, object>, item) => {
        const copy = new Map(state).set(2, item).set(-1, item);
        copy.delete(0);
        return copy;
      },
    ],
    ['a Set', (items) => new Set(items), (state: Set<object>, item) => new Set([...state].slice(1)).add(item)],
    ['a record', (items) => ({ ...items }), (state: object, item) => ({ x: item, ...state })],
    [
      'an array in a record',
      (items) => ({ items, count: 1 }),
      ({ items }: { items: object[] }, item) => ({ items: [...items, item], count: 2 }),
    ],
  ])('%s: only what is new is visited', (_, create, change) => {
    const looks = { count: 0 };
    const states = new FormerStates();
    states.owner = {};
    const first = create(Array.from({ length: many }, () => watched(looks)));
    expect(freezeState(first, 'state', states)).toBe(true);
    expect(looks.count).toBeGreaterThanOrEqual(many);
    looks.count = 0;
    const item = watched(looks);
    const next = change(first as never, item);
    expect(freezeState(next, 'state', states)).toBe(true);
    expect(looks.count).toBeLessThan(5);
    expect(Object.isFrozen(item)).toBe(true);
    // It is the next one's version before.
    looks.count = 0;
    expect(freezeState(change(next as never, {}), 'state', states)).toBe(true);
    expect(looks.count).toBeLessThan(5);
  });

  test('nothing is taken for frozen that is not, whatever has changed', () => {
    const random = createRandom(seed);
    for (let round = 0; round < caseCount(60); round++) {
      const states = new FormerStates();
      states.owner = {};
      let state = randomState(random);
      for (let version = 0; version < 6; version++) {
        const isProtected = freezeState(state, 'state', states);
        expect(isProtected).toBe(!holdsDate(state));
        if (isProtected) expectFrozen(state);
        state = changed(state, random);
      }
    }
  });

  test('in a job, each operator has its own', async () => {
    const looks = { count: 0 };
    const source = new Subject<number>();
    const items = Array.from({ length: many }, () => watched(looks));
    const grown = (name: string) =>
      pipe(
        scan<number, object[]>((state) => [...state, { name }], [...items]),
        uid(name),
      );
    const numbers$ = fromObservable(source, { hot: true }).pipe(uid('numbers'), share(), uid('shared'));
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const running = checkpoints.recover(merge(numbers$.pipe(grown('a')), numbers$.pipe(grown('b')))).subscribe();
    await settled();
    source.next(1);
    await checkpoints.checkpoint();
    source.next(2);
    looks.count = 0;
    await checkpoints.checkpoint();
    expect(looks.count).toBe(0);
    running.unsubscribe();
    await settled();
  });
});

function randomState(random: Random): object[] {
  return Array.from({ length: 300 + random.below(20) }, () => randomPart(random, 2));
}

function randomPart(random: Random, depth: number): object {
  const part = (): unknown => (depth > 0 && random.chance(0.5) ? randomPart(random, depth - 1) : random.below(9));
  switch (random.below(random.chance(0.01) ? 5 : 4)) {
    case 0:
      return { a: part(), b: part() };
    case 1:
      return [part(), part()];
    case 2:
      return new Map([[part(), part()]]);
    case 3:
      return new Set([part(), part()]);
    default:
      return new Date(0);
  }
}

/** A copy that shares most of its parts, some of them in other places. */
function changed(state: readonly object[], random: Random): object[] {
  const copy = state.filter((part) => !(part instanceof Date));
  for (let times = random.below(8); times > 0; times--) {
    const at = random.below(copy.length);
    if (random.chance(0.3)) copy.splice(at, random.below(20));
    else if (random.chance(0.3)) copy.splice(at, 0, randomPart(random, 2), copy[random.below(copy.length)]!);
    else copy[at] = randomPart(random, 2);
  }
  return random.chance(0.1) ? copy.reverse() : copy;
}

function partsOf(value: object): unknown[] {
  if (value instanceof Map) return [...value].flat();
  return value instanceof Set ? [...value] : Object.values(value);
}

function holdsDate(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return value instanceof Date || partsOf(value).some(holdsDate);
}

function expectFrozen(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  const isFrozen = value instanceof Map || value instanceof Set ? refusesChanges(value) : Object.isFrozen(value);
  if (!isFrozen) throw new Error(`${JSON.stringify(value)} is not frozen`);
  partsOf(value).forEach(expectFrozen);
}

function refusesChanges(collection: Map<unknown, unknown> | Set<unknown>): boolean {
  try {
    collection.delete({});
    return false;
  } catch {
    return true;
  }
}

describe('the version before', () => {
  const large = (): number[][] => Array.from({ length: 1_000 }, (_, i) => [i]);

  test('is forgotten when nothing large comes after it', () => {
    for (const next of [null, 7, Object.freeze([])]) {
      const former = new FormerStates();
      former.owner = {};
      const state = large();
      freezeState(state, 'state', former);
      freezeState(state, 'state', former);
      expect(former.get('state')).toBe(state);
      freezeState(next, 'other');
      freezeState(next, 'state', former);
      expect(former.get('state')).toBe(undefined);
    }
  });

  test('vouches for nothing if it is of another kind', () => {
    const former = new FormerStates();
    former.owner = {};
    const inner = { mutable: [1] };
    const array: unknown[] = Object.assign([...large(), ...large()], { inner });
    freezeState(array, 'state', former);
    expect(former.get('state')).toBe(array);
    freezeState({ inner, others: large() }, 'state', former);
    expect([Object.isFrozen(inner), Object.isFrozen(inner.mutable)]).toEqual([true, true]);
  });
});
