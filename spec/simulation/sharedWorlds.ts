import fc from 'fast-check';
import type { MonoTypeOperatorFunction, Observable } from 'rxjs';
import { ReplaySubject } from 'rxjs';

import { uid } from '../../src/operators/uid.js';
import { inners } from '../support/cases/inners.js';
import { synchronous } from '../support/cases/synchronous.js';
import { timed } from '../support/cases/timed.js';
import { jobWorlds } from '../support/checkpointLaw.js';
import type { CheckpointedObservable } from '../../src/operators/base/CheckpointedObservable.js';
import { InputSpec } from '../support/InputSpec.js';
import { ours } from '../support/Library.js';
import type { Library } from '../support/Library.js';
import type { Stage } from '../support/Stage.js';
import { OperatorUse } from '../support/Stage.js';
import type { Commons } from './Commons.js';
import type { NamedUse, SimulatedPipeline } from './SimulatedPipeline.js';
import { usesOf } from './SimulatedPipeline.js';

type Sharing = (rx: Library) => MonoTypeOperatorFunction<unknown>;

const sharings: Readonly<Record<string, Sharing>> = {
  'share()': (rx) => rx.share(),
  'share({ connector: replay 2 })': (rx) => rx.share({ connector: () => new ReplaySubject(2) }),
  'shareReplay(1)': (rx) => rx.shareReplay(1),
  'shareReplay({ bufferSize: 2, refCount: true })': (rx) => rx.shareReplay({ bufferSize: 2, refCount: true }),
};

/** A stage in a job, which has parts in common with those of other pipelines. */
export interface CommonStage extends Stage {
  readonly commons: Commons;
}

function shared([code, sharing]: [string, Sharing]): NamedUse {
  const apply: OperatorUse['apply'] = (rx, stage) => {
    if (rx !== ours) return stage.source.pipe(sharing(rx));
    const { commons } = stage as CommonStage;
    const make = (): Observable<unknown> =>
      stage.source.pipe(
        rx.finalize(() => (commons.isOver = true)),
        sharing(rx),
      );
    return commons.part(() => (make() as CheckpointedObservable<unknown>).pipe(uid('shared')));
  };
  return { operator: 'share', use: new OperatorUse(`${code}, uid('shared')`, apply, {}) };
}

/** What is above a shared part is called by whoever comes first to it, if it has no uid: it may have completed. */
function named({ operator, use: { code, apply, options } }: NamedUse): NamedUse {
  const withUid = (source$: Observable<unknown>, name: string) =>
    (source$ as CheckpointedObservable<never>).pipe(uid(name));
  const applied: OperatorUse['apply'] = (rx, stage) =>
    rx === ours ? withUid(apply(rx, { ...stage, source: withUid(stage.source, 'input') }), 'trunk') : apply(rx, stage);
  return { operator, use: new OperatorUse(code, applied, options) };
}

/** What subscribes to its source once, when it is subscribed itself: all branches have to be there before values are. */
const once = usesOf([...synchronous, ...timed, ...inners]).filter(
  ({ use: { options } }) =>
    options.differsInJobs === undefined && options.shares !== true && options.reachesOut !== true,
);
const trunks = usesOf([...synchronous, ...timed]).filter(({ use: { options } }) => options.differsInJobs === undefined);

/** Two pipelines that share a part: an operator behind an input, for two others. */
export const pipelinesWithSharedPart: fc.Arbitrary<SimulatedPipeline[]> = fc
  .record({
    trunk: trunks.map(named),
    sharing: fc.constantFrom(...Object.entries(sharings)).map(shared),
    branches: fc.tuple(once, once),
    world: jobWorlds,
  })
  .map(({ trunk, sharing, branches, world }) => {
    const [first, ...others] = world.inputs;
    // What emits while it is subscribed to would do so before the second one is there.
    const inputs = [new InputSpec('cold', first!.marbles), ...others];
    return branches.map((branch) => ({ uses: [trunk, sharing, branch], world: { ...world, inputs } }));
  });
