import { expect, test } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';

import type { CheckpointedObservable, RecoverOptions, RestoreReport } from '../../src/index.js';
import {
  CheckpointSubject,
  delay,
  EMPTY,
  memoryStorage,
  merge,
  scan,
  share,
  shareReplay,
  switchMap,
  take,
  uid,
} from '../../src/index.js';
import { Log } from '../support/Log.js';
import type { Observed } from '../support/Observed.js';
import { observe, settled } from '../support/Observed.js';
import { mutedWarnings } from '../support/mutedWarnings.js';

type Stream = CheckpointedObservable<number>;
type Programs = Readonly<Record<string, Stream>>;

mutedWarnings();

const sum = (source$: Stream, name: string): Stream =>
  source$.pipe(
    scan((all, n) => all + n, 0),
    uid(name),
  );

/** Lives of one job over a log, and cues of pipelines that use the shared part only while they are above 0. */
class Job {
  readonly log = new Log([1, 2]);
  readonly cues = { a: new Log<number>(), b: new Log<number>() };
  private readonly storage = memoryStorage();

  life(programs: (log$: Stream, cued: (name: 'a' | 'b', shared$: Stream) => Stream) => Programs) {
    const checkpoints = new CheckpointSubject({ storage: this.storage });
    const failures = observe(checkpoints.failures$);
    const all = programs(this.log.stream$.pipe(uid('log')), (name, shared$) =>
      this.cues[name].stream$.pipe(
        uid(`cues-${name}`),
        switchMap((cue) => (cue > 0 ? shared$ : EMPTY)),
        uid(`cued-${name}`),
      ),
    );
    const running: Observed<number>[] = [];
    const begin = (name: string, options: RecoverOptions = {}): Observed<number> => {
      const observed = observe(checkpoints.recover(all[name]!, { ...options, name }));
      running.push(observed);
      return observed;
    };
    return {
      checkpoints,
      failures: failures.values,
      begin,
      start: async (name: string, options?: RecoverOptions) => {
        const observed = begin(name, options);
        await settled();
        return observed;
      },
      kill: async () => {
        for (const observed of running) observed.unsubscribe();
        await settled();
      },
    };
  }
}

test('a part that stays connected for one pipeline stays when another one, which came since, has left it', async () => {
  const job = new Job();
  const life = job.life((log$, cued) => {
    const shared$ = sum(log$, 'sum').pipe(shareReplay(1), uid('shared'));
    return { a: cued('a', shared$), b: shared$ };
  });
  const a = await life.start('a');
  job.cues.a.write(1, 0);
  await life.checkpoints.checkpoint();
  const b = await life.start('b');
  b.unsubscribe();
  await settled();
  job.cues.a.write(1);
  expect([a.values, b.values, job.log.readerCount]).toEqual([[1, 3, 3], [3], 1]);
  await life.kill();
});

test('what one has dropped is kept for another one that is refused first, or has only come and gone', async () => {
  for (const how of ['refused', 'gone'] as const) {
    const job = new Job();
    const of = (name: 'sum-b' | 'other') => (log$: Stream, cued: (name: 'a', shared$: Stream) => Stream) => {
      const shared$ = log$.pipe(share(), uid('shared'));
      return { a: sum(shared$, 'sum-a'), b: sum(shared$, name), without: cued('a', EMPTY) };
    };
    const first = job.life(of('sum-b'));
    first.begin('a');
    await first.start('b');
    await first.checkpoints.checkpoint();
    await first.kill();
    const second = job.life((log$, cued) => {
      const { without, b } = of(how === 'refused' ? 'other' : 'sum-b')(log$, cued);
      return { a: without, b };
    });
    await second.start('a', { allowNonRestoredState: true });
    const b = await second.start('b');
    if (how === 'refused') expect(b.error).toMatchObject({ code: 'orphaned-snapshot' });
    b.unsubscribe();
    await settled();
    await second.checkpoints.checkpoint().catch(() => {});
    await second.kill();
    job.log.write(4);
    const third = job.life(of('sum-b'));
    expect((await third.start('b')).values).toEqual([7]);
    await third.kill();
  }
});

test('who waits behind another part is said so, and goes on when that one is left', async () => {
  const job = new Job();
  const first = job.life((log$) => {
    const shared$ = log$.pipe(share(), uid('second'));
    return { b: shared$, c: sum(shared$, 'sum-c') };
  });
  first.begin('b');
  await first.start('c');
  await first.checkpoints.checkpoint();
  await first.kill();
  const second = job.life((log$) => {
    const shared$ = log$.pipe(share(), uid('first'));
    return { a: shared$, b: shared$.pipe(share(), uid('second')) };
  });
  const reports: RestoreReport[] = [];
  const onRestore = (report: RestoreReport): void => void reports.push(report);
  const b = second.begin('b', { onRestore, allowNonRestoredState: true });
  const a = await second.start('a', { onRestore });
  expect(reports.map(({ pipeline, waitsFor }) => [pipeline, waitsFor])).toEqual([
    ['b', ['c']],
    ['a', ['c']],
  ]);
  job.log.write(3);
  expect(a.values).toEqual([]);
  b.unsubscribe();
  job.log.write(4);
  expect(a.values).toEqual([3, 4]);
  await second.kill();
});

test.each([
  ['who waits for it comes, and misses nothing', 'c'],
  ['who waits for it leaves, and the others go on', 'none'],
])('a timer above a part that waits behind another one waits with it, until %s', async (_, comes) => {
  const job = new Job();
  const time = new VirtualTimeScheduler();
  const runTo = (frame: number): void => {
    time.maxFrames = frame;
    time.flush();
    time.frame = frame;
  };
  const cued$ = job.cues.a.stream$.pipe(uid('cues'));
  const late = (log$: Stream): Stream => log$.pipe(delay(10, time), uid('late'), share(), uid('first'));
  const first = job.life((log$) => {
    const shared$ = cued$.pipe(share(), uid('second'));
    return { a: shared$, b: late(log$), c: shared$ };
  });
  first.begin('a');
  first.begin('c');
  await first.start('b');
  await first.checkpoints.checkpoint();
  await first.kill();
  const second = job.life((log$) => {
    const late$ = late(log$);
    // New: what is shared here leads to the other part.
    const shared$ = merge(late$, cued$).pipe(share(), uid('second'));
    return { a: shared$, b: late$, c: shared$ };
  });
  const b = second.begin('b');
  const a = await second.start('a');
  job.log.write(3);
  runTo(10);
  expect([a.values, b.values]).toEqual([[], []]);
  const c = comes === 'c' ? await second.start('c') : null;
  if (c === null) a.unsubscribe();
  runTo(20);
  const all = [1, 2, 3];
  expect([a.values, b.values, c?.values]).toEqual(c === null ? [[], all, undefined] : [all, all, all]);
  await second.kill();
});

test('a part that is read by whoever wants it is there for those who come later', async () => {
  const job = new Job();
  const programs = (log$: Stream, cued: (name: 'a' | 'b', shared$: Stream) => Stream): Programs => {
    const config$ = log$.pipe(take(1), shareReplay(1), uid('config'));
    return { a: cued('a', config$), b: cued('b', config$) };
  };
  const first = job.life(programs);
  first.begin('a');
  await first.start('b');
  job.cues.a.write(1);
  job.cues.b.write(1);
  await first.checkpoints.checkpoint();
  await first.kill();
  const second = job.life(programs);
  const a = await second.start('a');
  job.cues.a.write(2);
  await second.checkpoints.checkpoint();
  job.cues.a.write(3);
  const b = await second.start('b');
  job.cues.b.write(2);
  expect([a.values, b.values, b.error, second.failures]).toEqual([[1, 1], [1], undefined, []]);
  await second.kill();
});

test.each(['b', 'toString'])(
  'a new pipeline, %s, that its own onRestore refuses breaks no region, and may try again',
  async (name) => {
    const job = new Job();
    const programs = (log$: Stream): Programs => {
      const shared$ = log$.pipe(share(), uid('shared'));
      return { a: sum(shared$, 'sum-a'), [name]: sum(shared$, 'sum-b') };
    };
    const life = job.life(programs);
    const a = await life.start('a');
    await life.checkpoints.checkpoint();
    const refused = await life.start(name, {
      onRestore: () => {
        throw new Error('not now');
      },
    });
    expect(refused.error).toEqual(new Error('not now'));
    await life.checkpoints.checkpoint();
    const b = await life.start(name);
    job.log.write(3);
    await life.checkpoints.checkpoint();
    expect([a.last, b.last, life.failures]).toEqual([6, 3, []]);
    await life.kill();
  },
);
