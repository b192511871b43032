import * as rxjs from 'rxjs';
import * as ours from 'rxjs-checkpoint';

type Operator = (source: rxjs.Observable<unknown>) => rxjs.Observable<unknown>;
/** What both libraries have under the same names. */
type Library = Pick<
  typeof rxjs,
  'map' | 'filter' | 'scan' | 'tap' | 'take' | 'skip' | 'distinctUntilChanged' | 'pairwise' | 'bufferCount'
>;

const VALUES = 10_000;
const CHAINS = 60;

/**
 * Makes this process one of a real app: the operators of both libraries have run with many functions and with values of
 * many types, in many orders, so that none of their call sites is special to what is measured.
 */
export async function pollute(): Promise<void> {
  const stock = chainsOf(rxjs);
  const checkpointed = chainsOf(ours);
  for (const values of inputs()) {
    for (let i = 0; i < CHAINS; i++) {
      await ended(stock[i]!(rxjs.from(values)));
      await ended(checkpointed[i]!(rxjs.from(values)));
      const pipeline = checkpointed[i]!(ours.fromArray(values)) as ours.CheckpointedObservable<unknown>;
      await ended(pipeline);
      await ended(checkpointed[i]!(ours.from(values)));
      await ended(new ours.CheckpointSubject({ storage: ours.memoryStorage() }).recover(pipeline));
    }
  }
}

function ended(values$: rxjs.Observable<unknown>): Promise<unknown> {
  let last: unknown;
  return new Promise((resolve, reject) => {
    values$.subscribe({ next: (value) => (last = value), error: reject, complete: () => resolve(last) });
  });
}

function inputs(): unknown[][] {
  const indices = Array.from({ length: VALUES }, (_, i) => i);
  return [
    indices,
    indices.map((i) => i / 3),
    indices.map((i) => `flight ${i}`),
    indices.map((i) => ({ id: i, delay: i % 90 })),
    indices.map((i) => [i, i % 20]),
  ];
}

/** The same chains, of 2 to 5 operators, whenever and for whomever it is called. */
function chainsOf(library: Library): Operator[] {
  const operators = operatorsOf(library);
  let seed = 1;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  return Array.from({ length: CHAINS }, () => {
    const steps = Array.from({ length: 2 + random(4) }, () => operators[random(operators.length)]!);
    return (source) => steps.reduce((source$, step) => step(source$), source);
  });
}

function operatorsOf({
  map,
  filter,
  scan,
  tap,
  take,
  skip,
  distinctUntilChanged,
  pairwise,
  bufferCount,
}: Library): Operator[] {
  let seen = 0;
  return [
    map((value) => value),
    map((value) => [value]),
    map((value) => ({ value })),
    map((value) => typeof value),
    map((value) => Number(value)),
    map((_, index) => index),
    map((_, index) => ({ index, delay: index % 90 })),
    map((value, index) => (index % 2 === 0 ? value : null)),
    filter((value) => value !== 7),
    filter((value) => typeof value !== 'bigint'),
    filter((_, index) => index % 8 !== 0),
    filter(Boolean),
    filter((value) => !Number.isNaN(value)),
    scan((count) => count + 1, 0),
    scan((latest: unknown, value) => value ?? latest, null),
    scan<unknown, number[]>((lately, value) => [Number(value), lately[0] ?? 0], []),
    scan<unknown, string>((_, value) => typeof value, ''),
    scan<unknown, { readonly total: number }>(({ total }, value) => ({ total: total + (value === null ? 0 : 1) }), {
      total: 0,
    }),
    tap(() => void seen++),
    tap((value) => void (seen += value === undefined ? 1 : 2)),
    take(1_000_000),
    skip(3),
    distinctUntilChanged(),
    pairwise(),
    bufferCount(2),
  ];
}
