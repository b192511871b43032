import { describe, expect, test } from '@jest/globals';
import * as rxjs from 'rxjs';

import {
  CheckpointSubject,
  concat,
  connect,
  connectable,
  ConnectableInJobError,
  ConnectableObservable,
  fromObservable,
  groupBy,
  map,
  memoryStorage,
  merge,
  mergeMap,
  multicast,
  of,
  refCount,
  share,
  tap,
  uid,
  UnsupportedConnectorError,
} from '../../src/index.js';
import type {
  CheckpointedConnectable,
  CheckpointedObservable,
  CheckpointStorage,
  ConnectableConfig,
  Pipeline,
} from '../../src/index.js';
import { CheckpointedObservable as CheckpointedNode } from '../../src/operators/base/CheckpointedObservable.js';
import { Log } from '../support/Log.js';
import type { Observed } from '../support/Observed.js';
import { observe, settled } from '../support/Observed.js';

const recover = (pipeline: unknown): rxjs.Observable<unknown> =>
  new CheckpointSubject({ storage: memoryStorage() }).recover(pipeline as Pipeline<unknown>);

const errorOf = (observable: rxjs.Observable<unknown>): Promise<unknown> =>
  rxjs.lastValueFrom(observable).then(
    () => 'no error',
    (error: unknown) => error,
  );

/** What takes the place of a pipeline in JavaScript, where types do not refuse it. */
const untyped = (result: unknown): CheckpointedObservable<number> => result as CheckpointedObservable<number>;

/** A part whose restore is checked: `outcome` resolves with null, or with what is wrong. */
function checked<T>(source: CheckpointedObservable<T>, outcome?: Promise<unknown>): CheckpointedObservable<T> {
  return new CheckpointedNode<T>({
    operator: 'checked',
    isStateful: false,
    inputs: [source],
    connect(dest, site) {
      const { run } = site!;
      const fail = (error: unknown) => (error === null ? null : () => run.turn(() => dest.error(error)));
      if (outcome !== undefined) run.connecting.awaitCheck(outcome.then(fail));
      return site!.connectInput(0, dest);
    },
  });
}

class OwnSubject<T> extends rxjs.ReplaySubject<T> {}

describe('a ConnectableObservable that the program makes itself', () => {
  const made = (): ConnectableObservable<number> => new ConnectableObservable(of(1), () => new rxjs.Subject<number>());
  const ways: Record<string, () => unknown> = {
    'as it is': made,
    'refCount()': () => refCount<number>()(made()),
    '.refCount()': () => made().refCount(),
    'behind operators': () => made().pipe(rxjs.map((n) => n)),
  };

  test.each(Object.entries(ways))('%s, is refused by recover(), which names the ways out', (_, make) => {
    expect(() => recover(make())).toThrow(ConnectableInJobError);
    expect(() => recover(make())).toThrow(/publish\(\).*connectable\(/);
  });

  test('and by inner pipelines', async () => {
    const inner$ = of(1).pipe(mergeMap(() => untyped(refCount<number>()(made()))));
    expect(await errorOf(recover(inner$))).toBeInstanceOf(ConnectableInJobError);
    const connected$ = of(1).pipe(
      mergeMap(() => new rxjs.Observable<number>((subscriber) => void made().connect().add(subscriber))),
    );
    expect(await errorOf(recover(connected$))).toBeInstanceOf(ConnectableInJobError);
  });

  test('works outside of a job over a checkpointed stream, with operators behind it', () => {
    const seen: number[] = [];
    const made$ = new ConnectableObservable(fromObservable(rxjs.of(1, 2)), () => new rxjs.Subject<number>());
    made$.pipe(rxjs.map((n) => 10 * n)).subscribe((n) => seen.push(n));
    made$.connect();
    expect(seen).toEqual([10, 20]);
    expect(made$).toBeInstanceOf(rxjs.ConnectableObservable);
  });
});

interface Program {
  readonly job: CheckpointSubject;
  readonly shared$: CheckpointedConnectable<number>;
  readonly plain: Observed<number>;
  readonly tens: Observed<number>;
}

/** Two pipelines over one stream that is connected by hand. */
function start(storage: CheckpointStorage, log: Log<number>, config?: ConnectableConfig<number>): Program {
  const job = new CheckpointSubject({ storage });
  const stream$ = connectable(log.stream$.pipe(uid('log')), config);
  const named$ = stream$.pipe(uid('shared'));
  const plain = observe(job.recover(named$, { name: 'plain' }));
  const tens = observe(job.recover(named$.pipe(map((n) => 10 * n)), { name: 'tens' }));
  return { job, shared$: stream$, plain, tens };
}

describe('connectable in a job', () => {
  test('starts when connect is called: before the job runs, or later', async () => {
    for (const isLater of [false, true]) {
      const log = new Log([1, 2]);
      const { shared$, plain, tens } = start(memoryStorage(), log);
      if (isLater) await settled();
      expect(log.readerCount).toBe(0);
      const connection = shared$.connect();
      await settled();
      expect(log.readerCount).toBe(1);
      expect([plain.values, tens.values]).toEqual([
        [1, 2],
        [10, 20],
      ]);
      expect(shared$.connect()).toBe(connection);
      log.write(3);
      log.end();
      expect(tens.values).toEqual([10, 20, 30]);
      expect([plain.hasCompleted, tens.hasCompleted, connection.closed]).toEqual([true, true, true]);
    }
  });

  test('is connected after a restore if it was, whether or not the program calls connect again', async () => {
    for (const callsAgain of [false, true]) {
      const storage = memoryStorage();
      const log = new Log([1]);
      const before = start(storage, log);
      before.shared$.connect();
      await settled();
      await before.job.checkpoint();
      before.plain.unsubscribe();
      before.tens.unsubscribe();
      await settled();
      log.write(2);
      const after = start(storage, log);
      if (callsAgain) after.shared$.connect();
      await settled();
      expect(log.readerCount).toBe(1);
      expect([after.plain.values, after.tens.values]).toEqual([[2], [20]]);
      after.shared$.connect().unsubscribe();
      expect(log.readerCount).toBe(0);
    }
  });

  test.each([true, false])(
    'connected while a restore is still checked: it begins when that is over, if it is not refused (passes: %s)',
    async (passes) => {
      const storage = memoryStorage();
      const logs = { shared: new Log([1]), other: new Log<number>() };
      const life = (check?: Promise<unknown>) => {
        const shared$ = connectable(logs.shared.stream$.pipe(uid('log'))).pipe(
          uid('shared'),
        ) as CheckpointedConnectable<number>;
        const other$ = checked(logs.other.stream$.pipe(uid('other')), check);
        const job = new CheckpointSubject({ storage });
        return { shared$, job, pipeline: observe(job.recover(merge(shared$, other$))) };
      };
      const before = life();
      await settled();
      await before.job.checkpoint();
      before.pipeline.unsubscribe();
      await settled();
      const gate = new rxjs.Subject<void>();
      const refusal = new Error('another file');
      const after = life(rxjs.firstValueFrom(gate).then(() => (passes ? null : refusal)));
      await settled();
      after.shared$.connect();
      await settled();
      expect([logs.shared.readerCount, after.pipeline.values]).toEqual([0, []]);
      gate.next();
      await settled();
      logs.shared.write(2);
      expect(after.pipeline).toMatchObject(
        passes ? { values: [1, 2], error: undefined } : { values: [], error: refusal },
      );
      expect(logs.shared.readerCount).toBe(passes ? 1 : 0);
    },
  );

  test('waits in checkpoints and after restores as long as nobody connects it', async () => {
    const storage = memoryStorage();
    const log = new Log([1]);
    const before = start(storage, log);
    await settled();
    await before.job.checkpoint();
    before.plain.unsubscribe();
    before.tens.unsubscribe();
    await settled();
    const after = start(storage, log);
    await settled();
    expect(log.readerCount).toBe(0);
    after.shared$.connect();
    expect([after.plain.values, after.tens.values]).toEqual([[1], [10]]);
  });

  test('does not read its source again when the program calls connect after a restart, and that had ended', async () => {
    const storage = memoryStorage();
    const gate = new Log<number>();
    const program = (): [CheckpointSubject, Observed<number>, number[]] => {
      const read: number[] = [];
      const job = new CheckpointSubject({ storage });
      const stream$ = connectable(of(1, 2).pipe(tap((n) => read.push(n))));
      const seen = observe(job.recover(concat(stream$, gate.stream$, stream$.pipe(map((n) => 10 * n)))));
      stream$.connect();
      return [job, seen, read];
    };
    const [before, first, readFirst] = program();
    await settled();
    await before.checkpoint();
    expect([first.values, readFirst]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    first.unsubscribe();
    await settled();
    const [, second, readAgain] = program();
    await settled();
    gate.end();
    expect([second.values, second.hasCompleted, readAgain]).toEqual([[], false, []]);
  });

  test('restarts connected in its process, though the checkpoint does not know of it', async () => {
    const log = new Log([1]);
    const { job, shared$ } = start(memoryStorage(), new Log());
    void job;
    shared$.connect();
    const stream$ = connectable(log.stream$);
    const other = new CheckpointSubject({ storage: memoryStorage() });
    const seen = observe(other.recover(stream$).pipe(rxjs.retry(1)));
    stream$.connect();
    await settled();
    log.breakDown(new Error('broken'));
    await settled();
    log.write(2);
    expect(seen.values).toEqual([1, 1, 2]);
    expect(seen.error).toBe(undefined);
  });

  test('gives a newcomer what the Subject of its connector holds, also after a restore', async () => {
    const storage = memoryStorage();
    const log = new Log([1, 2, 3]);
    const config = { connector: () => new rxjs.ReplaySubject<number>(2) };
    const before = start(storage, log, config);
    before.shared$.connect();
    await settled();
    await before.job.checkpoint();
    before.plain.unsubscribe();
    before.tens.unsubscribe();
    await settled();
    const after = start(storage, log, config);
    const newcomer = observe(
      after.job.recover(
        after.shared$.pipe(
          uid('shared'),
          map((n) => -n),
        ),
        { name: 'new' },
      ),
    );
    await settled();
    log.write(4);
    expect(newcomer.values).toEqual([-2, -3, -4]);
    expect(after.plain.values).toEqual([4]);
  });

  test('leaves who had subscribed silent when it is disconnected and connected again, also after a restore', async () => {
    const storage = memoryStorage();
    const log = new Log([1]);
    const before = start(storage, log);
    await settled();
    before.shared$.connect().unsubscribe();
    before.shared$.connect();
    log.write(2);
    expect([before.plain.values, before.tens.values]).toEqual([[1], [10]]);
    await before.job.checkpoint();
    before.plain.unsubscribe();
    before.tens.unsubscribe();
    await settled();
    const after = start(storage, log);
    await settled();
    log.write(3);
    expect([after.plain.values, after.tens.values]).toEqual([[], []]);
    await after.job.checkpoint();
  });

  test('completes in a drain, connected or not', async () => {
    for (const isConnected of [false, true]) {
      const { job, shared$, plain, tens } = start(memoryStorage(), new Log([1]));
      if (isConnected) shared$.connect();
      await settled();
      await job.stop({ drain: true });
      expect([plain.hasCompleted, tens.hasCompleted]).toEqual([true, true]);
    }
  });

  test('outside of a job is as in RxJS', () => {
    const stream$ = connectable(of(1, 2));
    const seen = observe(stream$);
    expect(seen.values).toEqual([]);
    expect(stream$.connect().closed).toBe(true);
    expect([seen.values, seen.hasCompleted]).toEqual([[1, 2], true]);
  });
});

describe('a connector of a job', () => {
  const refused: Record<string, () => CheckpointedObservable<unknown>> = {
    'of share, of a subclass': () => of(1).pipe(share({ connector: () => new OwnSubject() })),
    'of connect, of a subclass': () => of(1).pipe(connect((s$) => s$, { connector: () => new OwnSubject() })),
    'of groupBy, with content that an ended group would lose': () =>
      of(1).pipe(
        groupBy((n) => n, { connector: () => new rxjs.ReplaySubject(1) }),
        mergeMap((group$) => group$),
      ),
    'of multicast, one for all connections': () => of(1).pipe(multicast(new rxjs.Subject<number>()), refCount()),
    'of multicast, one for all subscriptions': () =>
      of(1).pipe(multicast(new rxjs.Subject<number>(), (s$: rxjs.Observable<number>) => s$)),
  };

  test.each(
    Object.entries({
      ...refused,
      'of connectable, of a subclass': () => connectable(of(1), { connector: () => new OwnSubject() }),
    }),
  )('%s is refused', async (_, make) => {
    expect(await errorOf(recover(make()))).toBeInstanceOf(UnsupportedConnectorError);
  });

  test('of groupBy is refused before there is a group', async () => {
    const groups$ = new Log<number>().stream$.pipe(
      groupBy((n) => n, { connector: () => new rxjs.ReplaySubject(1) }),
      mergeMap((group$) => group$),
    );
    const out = observe(new CheckpointSubject({ storage: memoryStorage() }).recover(groups$));
    await settled();
    expect(out.error).toBeInstanceOf(UnsupportedConnectorError);
  });

  test('that gives one Subject to two subscriptions is refused', async () => {
    const subject = new rxjs.Subject<number>();
    const twice$ = of(1, 2).pipe(mergeMap((n) => of(n).pipe(connect((s$) => s$, { connector: () => subject }))));
    expect(await errorOf(recover(twice$))).toBeInstanceOf(UnsupportedConnectorError);
  });
});
