import { LAST_FRAME } from '../support/checkpointLaw.js';
import { ownIdentity } from '../../src/node/ProcessIdentity.js';
import type { Coverage } from './Coverage.js';
import { Ledger } from './Ledger.js';
import { Life } from './Life.js';
import type { Plot } from './Plot.js';
import { RemotePlot, TimedPlot } from './Plot.js';
import { random as randomFrom } from '../../src/testing/random.js';
import type { DiskFaults } from './SimulatedDisk.js';
import { FilesDisk } from './FilesDisk.js';
import { flipBit, MemoryDisk, newestId } from './SimulatedDisk.js';
import type { World } from './World.js';

const chances = ['full', 'unreadable', 'undeletable', 'hanging', 'torn', 'failedButDone', 'stale'] as const;
const noFaults = Object.fromEntries(chances.map((fault) => [fault, 0])) as Omit<DiskFaults, 'tears'>;
const someFaults: typeof noFaults = {
  ...{ full: 0.1, unreadable: 0.02, undeletable: 0.1, hanging: 0.01 },
  ...{ torn: 0.03, failedButDone: 0.05, stale: 0.1 },
};

/** So many lives are lived in a world: each goes on where the one before was killed, or begins anew after its end. */
const LIVES = 24;

/** Remote inputs take their time. */
const LAST_REMOTE_FRAME = 60;

/** Lives through a world. @throws Violation */
export async function runWorld(world: World, coverage: Coverage, trace?: (line: string) => void): Promise<void> {
  await ownIdentity(); // which waits for the real system, once
  const random = randomFrom(world.decisions);
  coverage.world(world);
  const moments = { last: 0 };
  let stepsOfALife = 40;
  for (let lives = 0; lives < LIVES;) {
    trace?.('a new disk');
    const disk = world.disk === 'files' ? new FilesDisk(random) : new MemoryDisk(random);
    const plots = plotsOf(world);
    const ledger = new Ledger(plots, world.policies.mode);
    for (let ends = 0; ends < 2 && lives < LIVES; lives++) {
      const faults = { ...(world.isFaulty ? someFaults : noFaults), tears: world.tears };
      trace?.(`life ${lives} begins; stored: ${[...disk.files.keys()].join()}`);
      const from = random.chance(world.savepoints * 4) ? ledger.anySavepoint(random) : undefined;
      if (from !== undefined) {
        const isReturn = ledger.begin(from);
        coverage.step(isReturn ? 'life that returns to a savepoint' : 'life that goes on after a return');
        trace?.(`from ${from}`);
      } else ledger.begin(undefined);
      // A barrier of this life is of no moment that one of another line was of.
      moments.last++;
      const life = new Life({
        from,
        ...{ world, plots, disk, faults, ledger, random, coverage, moments, trace },
        lastFrame: world.isRemote ? LAST_REMOTE_FRAME : LAST_FRAME,
        isKilledLate: random.chance(0.7),
        killedAt: 1 + random.below(stepsOfALife),
      });
      const death = await life.live();
      if (death === 'refused') break;
      if (death === 'ended') {
        ends++;
        stepsOfALife = Math.max(10, Math.round(life.steps * 1.1));
      }
      const mayDamage = world.isFaulty && world.retained > 1 && newestId(disk) === ledger.newestId;
      if (mayDamage && random.chance(0.1) && ledger.damaged()) {
        trace?.('a bit of the newest checkpoint flips');
        coverage.fault('a bit of the newest checkpoint flips');
        flipBit(disk, random);
      }
    }
  }
}

function plotsOf({ pipelines, isRemote }: World): Map<string, Plot> {
  return new Map(
    pipelines.map(({ uses, world }, i) => {
      const chain = uses.map(({ use }) => use);
      return [`p${i}`, isRemote ? new RemotePlot(chain, world) : new TimedPlot(chain, world)];
    }),
  );
}
