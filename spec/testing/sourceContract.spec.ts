import { describe, expect, it } from '@jest/globals';

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as rx from 'rxjs';
import type { Subscriber } from 'rxjs';

import type { ParticipantSnapshot, Snapshot } from '../../src/checkpoint/protocol/Snapshot.js';
import type { RemoteConnection, RemoteSink } from '../../src/index.js';
import { fromArray, fromObservable, fromRemote, map, of, scan } from '../../src/index.js';
import { fromFile, lines } from '../../src/node/index.js';
import { CheckpointedObservable } from '../../src/operators/base/CheckpointedObservable.js';
import { EmittingSource } from '../../src/operators/base/EmittingSource.js';
import type { Site } from '../../src/operators/base/Site.js';
import { fileNode } from '../../src/sources/fileNode.js';
import { registerContract } from '../../src/testing/contracts/ContractCase.js';
import { sourceContract } from '../../src/testing/contracts/sourceContract.js';
import { MemoryFileSystem } from '../io/MemoryFileSystem.js';
import { temporaryDirectory } from '../node/temporaryDirectory.js';
import { failuresOf } from './failuresOf.js';

const records = ['a', 'b', { c: [1, 2] }, undefined, new Map([[1, NaN]]), 'f'];
const texts = ['one', 'two', '', 'four', 'five'];

registerContract(
  { describe, it },
  'of',
  sourceContract(() => ({ create: () => of(...records), records, pauses: false })),
);

registerContract(
  { describe, it },
  'fromArray',
  sourceContract(() => ({ create: () => fromArray(records), records })),
);

registerContract(
  { describe, it },
  'an empty source',
  sourceContract(() => ({ create: () => of<string[]>(), records: [] })),
);

registerContract(
  { describe, it },
  'fromObservable, of what comes at once,',
  sourceContract(() => ({ create: () => fromObservable(rx.from(records)), records, pauses: false })),
);

registerContract(
  { describe, it },
  'fromObservable, of what comes later and does not end,',
  sourceContract(() => ({
    create: () => fromObservable(rx.concat(rx.scheduled(texts, rx.asyncScheduler), rx.NEVER)),
    records: texts,
    completes: false,
    pauses: false,
  })),
);

interface Remote {
  readonly sink: RemoteSink<number, number>;
  /** The next record. */
  i: number;
}

/** Counts to five, one in 2 ms. Each part can be replaced by a wrong one. */
const remote =
  (
    {
      barrier = ({ sink, i }, id) => sink.barrier(id, i),
      after = (position) => position,
      isEndless = false,
      close = clearInterval,
    }: {
      readonly barrier?: (remote: Remote, id: number) => void;
      readonly after?: (position: number) => number;
      readonly isEndless?: boolean;
      readonly close?: (timer: NodeJS.Timeout) => void;
    } = {},
    everyMs = 2,
  ) =>
  () => ({
    create: () =>
      fromRemote<number, number>((sink, position = 0): RemoteConnection => {
        const side: Remote = { sink, i: after(position) };
        const timer = setInterval(() => {
          if (side.i < 5) sink.next(side.i++);
          else if (!isEndless) sink.complete();
        }, everyMs);
        return { requestBarrier: (id) => barrier(side, id), close: () => close(timer) };
      }),
    records: [0, 1, 2, 3, 4],
    completes: !isEndless,
    pauses: false,
    timeoutMs: 200,
  });

registerContract({ describe, it }, 'fromRemote', sourceContract(remote()));
registerContract({ describe, it }, 'fromRemote, that does not end,', sourceContract(remote({ isEndless: true })));
registerContract(
  { describe, it },
  'fromRemote, that takes its time for a barrier,',
  sourceContract(remote({ barrier: (side, id) => void setTimeout(() => side.sink.barrier(id, side.i), 3) }, 5)),
);

describe('a remote source that is wrong', () => {
  const timers: NodeJS.Timeout[] = [];
  const atSomeTime = (work: () => void): void => void setTimeout(work, 3);
  it.each<[string, Parameters<typeof remote>[0]]>([
    ['forgets the position', { barrier: ({ sink }, id) => sink.barrier(id, 0) }],
    ['goes on at the beginning', { after: () => 0 }],
    ['gives the last record for the next', { barrier: ({ sink, i }, id) => sink.barrier(id, Math.max(0, i - 1)) }],
    ['skips one', { after: (position) => (position === 0 ? 0 : position + 1) }],
    [
      'gives the position of when it was asked',
      { barrier: ({ sink, i }, id) => atSomeTime(() => sink.barrier(id, i)) },
    ],
    ['answers twice', { barrier: ({ sink, i }, id) => (sink.barrier(id, i), sink.barrier(id, i)) }],
    ['never answers', { barrier: () => {} }],
    ['never answers, and does not end', { barrier: () => {}, isEndless: true }],
    ['answers for another', { barrier: ({ sink, i }, id) => sink.barrier(id - 1, i) }],
    ['does not stop', { close: (timer) => void timers.push(timer) }],
  ])('fails when it %s', async (_, wrong) => {
    expect(await failuresOf(sourceContract(remote(wrong)))).not.toEqual([]);
    for (const timer of timers) clearInterval(timer);
  });
});

registerContract(
  { describe, it },
  'fromFile',
  sourceContract(async () => {
    const path = join(await temporaryDirectory(), 'file');
    await writeFile(path, texts.join('\n'));
    return { create: () => fromFile(path, lines()), records: texts };
  }),
);

registerContract(
  { describe, it },
  'a file that is given back',
  sourceContract(() => {
    const fileSystem = new MemoryFileSystem();
    fileSystem.files.set('a', new TextEncoder().encode(texts.join('\n')));
    return {
      create: () => fileNode({ fileSystem, path: 'a', format: lines() }),
      records: texts,
      isReleased: () => fileSystem.openHandles === 0,
    };
  }),
);

registerContract(
  { describe, it },
  'a source with operators behind it',
  sourceContract(() => ({
    create: () =>
      fromArray([1, 2, 3, 4]).pipe(
        scan((a, b) => a + b, 0),
        map((sum) => `sum ${sum}`),
      ),
    records: ['sum 1', 'sum 3', 'sum 6', 'sum 10'],
  })),
);

/** What is wrong with a source of 1, 2, 3 and 4, each in a turn and a task of its own. */
interface Wrong {
  /** How far behind its last record the position is. */
  readonly positionOffset?: number;
  readonly ignoresPosition?: boolean;
  readonly ignoresPauses?: boolean;
  readonly goesOnWhenStopped?: boolean;
  readonly emitsTwoInATurn?: boolean;
  readonly neverEnds?: boolean;
  readonly failsAt?: number;
}

class WrongSource extends EmittingSource<number> {
  private index = 0;
  private isStopped = false;

  constructor(
    dest: Subscriber<number>,
    site: Site,
    private readonly wrong: Wrong,
  ) {
    super(dest, site);
  }

  snapshotState(): ParticipantSnapshot {
    const offset = this.index + (this.wrong.positionOffset ?? 0);
    return { state: null, position: { offset: Math.max(0, offset), recordsAfterOffset: 0 } };
  }

  protected restore(snapshot: Snapshot): void {
    if (this.wrong.ignoresPosition !== true) this.index = (snapshot.position as { offset: number }).offset;
  }

  start(): void {
    const step = (): void => {
      const { wrong } = this;
      if (this.isStopped) return;
      if (this.isPaused && wrong.ignoresPauses !== true) return;
      if (this.index >= 4) return wrong.neverEnds === true ? undefined : this.complete();
      if (this.index === wrong.failsAt) return this.fail(new Error('the line is cut'));
      this.run.turn(() => {
        for (let count = wrong.emitsTwoInATurn === true ? 2 : 1; count > 0; count--) this.emit(++this.index);
      });
      setImmediate(step);
    };
    setImmediate(step);
  }

  protected resumed(): void {
    this.start();
  }

  protected stopped(): void {
    if (this.wrong.goesOnWhenStopped !== true) this.isStopped = true;
    open--;
  }

  override open(): void {
    open++;
    super.open();
  }
}

let open = 0;

function failures(wrong: Wrong, create?: () => CheckpointedObservable<number>): Promise<string[]> {
  const outside = wrong.failsAt === undefined ? rx.of(1, 2, 3, 4) : rx.throwError(() => new Error('the line is cut'));
  const source = (): CheckpointedObservable<number> =>
    new CheckpointedObservable<number>({
      operator: 'wrong',
      isStateful: true,
      inputs: [],
      connect(dest, site) {
        if (site !== null) return new WrongSource(dest, site, wrong).connect();
        outside.subscribe(dest);
        return null;
      },
    });
  open = 0;
  return failuresOf(
    sourceContract(() => ({
      create: create ?? source,
      records: [1, 2, 3, 4],
      timeoutMs: 50,
      isReleased: () => wrong.goesOnWhenStopped !== true || open < 0,
    })),
  );
}

it('finds nothing wrong where nothing is', async () => {
  expect(await failures({})).toEqual([]);
});

describe('it is noticed that a source', () => {
  it('points at its last record, and not after it', async () => {
    const found = await failures({ positionOffset: -1 });
    expect(found).toHaveLength(2);
    expect(found[0]).toMatch(
      /^goes on with exactly the rest, restored at every cut: Restored after 1 records: it gave 4 records, and completed\. The checkpoint: Map { .*offset: 0.*: \[1, 2, 3, 4\] instead of \[2, 3, 4\]\.$/,
    );
  });

  it('starts over', async () => {
    expect((await failures({ ignoresPosition: true }))[0]).toMatch(/Restored after 1 records: it gave 4 records/);
  });

  it('cannot be paused', async () => {
    expect(await failures({ ignoresPauses: true })).toEqual([
      'is silent while it is paused, and loses nothing: Paused at record 1 it goes on: [1, 2, 3, 4].',
    ]);
  });

  it('keeps what it opened', async () => {
    expect(await failures({ goesOnWhenStopped: true })).toContain(
      'is silent once nobody listens, and gives everything back: Unsubscribed at record 1, not everything was given back.',
    );
  });

  it('emits two records in one turn', async () => {
    expect(await failures({ emitsTwoInATurn: true })).toContain(
      'lets a checkpoint in between any two records: No checkpoint could be taken between records 1 and 2: each has to be a turn of its own.',
    );
  });

  it('does not end', async () => {
    expect((await failures({ neverEnds: true }))[0]).toMatch(
      /^gives its records in a job: In a job: it gave 4 records\. It should have completed\.$/,
    );
  });

  it('fails', async () => {
    expect((await failures({ failsAt: 2 })).slice(0, 2)).toEqual([
      'gives its records outside a job: Outside a job: it gave 0 records, and failed: Error: the line is cut.',
      'gives its records in a job: In a job: it gave 2 records, and failed: Error: the line is cut.',
    ]);
  });

  it('is hot, and loses what comes while nobody listens', async () => {
    const found = await failures({}, () => fromObservable(rx.of(1, 2, 3, 4), { hot: true }));
    expect(found[0]).toMatch(
      /Restored after 1 records: it gave 4 records, and completed\. .*instead of \[2, 3, 4\]\.$/,
    );
  });
});
