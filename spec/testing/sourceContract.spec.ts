import { describe, expect, it } from '@jest/globals';

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as rx from 'rxjs';
import type { Subscriber } from 'rxjs';

import type { ParticipantSnapshot, Snapshot } from '../../src/checkpoint/protocol/Snapshot.js';
import { fromArray, fromObservable, map, of, scan } from '../../src/index.js';
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
