import { loadRareParts } from '../../src/checkpoint/loadRareParts.js';
import { LAST_FRAME } from '../support/checkpointLaw.js';
import { ownIdentity } from '../../src/node/ProcessIdentity.js';
import type { Coverage } from './Coverage.js';
import { checkCleaned } from './checkCleaned.js';
import { Deployments } from './Deployments.js';
import { diskOf } from './diskOf.js';
import { Ledger } from './Ledger.js';
import type { LifeOptions } from './LifeOptions.js';
import { policiesOf } from './LifeOptions.js';
import { Life } from './Life.js';
import { plotsOf } from './plotsOf.js';
import type { Program } from './Program.js';
import { FIRST_PROGRAM, nextProgram, PLAIN_PROGRAM } from './Program.js';
import { random as randomFrom } from '../../src/testing/random.js';
import type { DiskFaults, SimulatedDisk } from './SimulatedDisk.js';
import { flipBit, newestId } from './SimulatedDisk.js';
import { Violation } from './Violation.js';
import type { World } from './World.js';

const chances = ['full', 'unreadable', 'undeletable', 'hanging', 'torn', 'failedButDone', 'stale'] as const;
const noFaults = Object.fromEntries(chances.map((fault) => [fault, 0])) as Omit<DiskFaults, 'tears'>;
const someFaults: typeof noFaults = {
  ...{ full: 0.1, unreadable: 0.02, undeletable: 0.1, hanging: 0.01 },
  ...{ torn: 0.03, failedButDone: 0.05, stale: 0.1 },
};

/** So many lives are lived in a world: each goes on where the one before was killed, or begins anew after its end. */
const LIVES = 24;

/** Remote inputs take their time, and a file is opened and looked at again in each life. */
const LAST_FRAMES = { timed: LAST_FRAME, remote: 60, journaled: 60, files: 800 };

/** A life of fewer steps leaves little to be killed in. */
const SHORT = 8;

/** A life that is left in peace goes on for so many steps: with a checkpoint after each other one, time might never pass. */
const ENOUGH = 300;

/** So many processes may be alive at the same time. */
const CROWD = 3;

/** Lives through a world. @throws Violation */
export async function runWorld(world: World, coverage: Coverage, trace?: (line: string) => void): Promise<void> {
  // Which wait for the real system, once.
  await ownIdentity();
  await loadRareParts('the simulation', Infinity);
  const random = randomFrom(world.decisions);
  coverage.world(world);
  const plots = plotsOf(world);
  const policies = policiesOf(world);
  const faults = { tears: world.tears, ...(world.isFaulty ? someFaults : noFaults) };
  const lastFrame = LAST_FRAMES[world.inputs];
  const moments = { last: 0 };
  const steps = { early: 40, late: 40, over: 20 };
  for (let lives = 0; lives < LIVES;) {
    trace?.('a new disk');
    const history = new History({ world, plots, policies, faults, lastFrame, moments, random, coverage, trace }, steps);
    while (lives < LIVES && history.goesOn) lives += await history.live();
  }
}

type HistoryOptions = Pick<
  LifeOptions,
  'world' | 'plots' | 'policies' | 'faults' | 'lastFrame' | 'moments' | 'random' | 'coverage' | 'trace'
>;

/** By when it is to be killed: at any time, late, or behind the end of all. */
type Steps = Record<'early' | 'late' | 'over', number>;

/** All that happens on one disk. */
class History {
  private readonly disk: SimulatedDisk;
  private readonly ledger = new Ledger();
  private readonly deployments = new Deployments();
  /** The bytes of those that are the user's. */
  private readonly savepoints = new Map<string, Uint8Array>();
  /** Those that have run, the last one last. */
  private readonly programs: Program[];
  private lives = 0;
  private ends = 0;
  private wasRefused = false;

  /** @param steps - how many a life takes that nobody kills, as far as is known. */
  constructor(
    private readonly options: HistoryOptions,
    private readonly steps: Steps,
  ) {
    const { world, random } = options;
    this.disk = diskOf(world.disk, random);
    for (const plot of options.plots.values()) plot.begin?.();
    this.programs = [world.deploys > 0 ? FIRST_PROGRAM : PLAIN_PROGRAM];
  }

  get goesOn(): boolean {
    return this.ends < 2 && !this.wasRefused;
  }

  /** A process from its start to its end, and others that take the storage from it. @returns how many there were. */
  async live(): Promise<number> {
    const { random } = this.options;
    const { lives } = this;
    const together: Life[] = [];
    for (const plot of this.options.plots.values()) plot.look?.(this.disk.files);
    this.newLife(lives, together);
    for (;;) {
      const alive = together.filter((life) => !life.isOver);
      if (alive.length === 0) break;
      await (alive.length === 1 ? alive[0]!.live(Infinity) : random.pick(alive).live(1 + random.below(4)));
    }
    this.lives += together.length;
    for (const { options, hasBegun } of together) if (hasBegun) this.programs.push(options.program);
    for (const life of together) {
      const death = life.end();
      if (death === 'refused') this.wasRefused = true;
      if (death !== 'ended') continue;
      this.ends++;
      const { diesAs } = life.options;
      this.steps[diesAs] = Math.round((this.steps[diesAs] + life.vitals.steps * 1.2) / 2);
    }
    if (this.options.world.disk !== 'files') this.look(together.length === 1 && together[0]!.isQuiet);
    this.damage();
    return together.length;
  }

  /**
   * Looks at what is stored.
   *
   * @param isQuiet - whether everything that is not needed has to be gone.
   * @throws Violation
   */
  private look(isQuiet: boolean): void {
    const { disk, ledger, savepoints } = this;
    const { world, coverage } = this.options;
    for (const from of ledger.ownedByUser()) {
      const bytes = disk.files.get(`savepoint-${from}`);
      if (bytes === undefined || (savepoints.get(from) ?? bytes) !== bytes)
        throw new Violation(
          `savepoint ${from} was ${bytes === undefined ? 'removed' : 'changed'}, and nobody claimed it`,
        );
      savepoints.set(from, bytes);
    }
    if (!isQuiet) return;
    for (const [from] of ledger.claimed) {
      if (!ledger.hasOutlived(from, world.retained)) continue;
      if (disk.files.has(`savepoint-${from}`))
        throw new Violation(`savepoint ${from}, which was claimed, is still there`);
      coverage.step('claimed savepoint that is gone');
    }
    const oldest = ledger.ids[world.retained - 1];
    if (oldest === undefined) return;
    checkCleaned(disk.files, { oldest, foreign: ledger.foreign, mayBeForeign: ledger.mayBeForeign });
    coverage.step('storage that was cleaned');
  }

  private newLife(number: number, together: Life[]): Life {
    const { world, random, coverage, trace } = this.options;
    const { disk, ledger, deployments } = this;
    trace?.(`life ${number} begins; stored: ${[...disk.files.keys()].join()}`);
    // A savepoint has what a journal had then, which is no longer what has counted.
    const mayReturn = world.inputs !== 'journaled' && random.chance(world.savepoints * (ledger.hasSavepoints ? 8 : 4));
    const from = mayReturn ? ledger.anyGoal(random, world.retained) : undefined;
    const claims = from !== undefined && random.chance(typeof from === 'string' ? 0.8 : 0.5);
    if (from !== undefined) trace?.(`from ${from}${claims ? ', which it claims' : ''}`);
    const program = this.program();
    const isOver = from === undefined && ledger.isOver;
    const diesAs = isOver ? 'over' : random.chance(this.steps.late < SHORT ? 0.1 : 0.7) ? 'late' : 'early';
    // Seldom does a life remove a savepoint that was claimed: it takes a quiet one, with checkpoints enough.
    const isClaiming = claims && typeof from === 'string';
    const isSpared = !isOver && (isClaiming || this.owesRemovals) && random.chance(0.8);
    const life = new Life({
      name: `life ${number}`,
      from,
      claims,
      disk,
      ledger,
      deployments,
      program,
      isNewProgram: program !== this.programs.at(-1),
      isThief: together.length > 0,
      diesAs,
      isSpared,
      killedAt: isSpared ? ENOUGH : 1 + random.below(Math.max(SHORT, this.steps[diesAs])),
      onTheft: () => {
        if (together.length === CROWD) return false;
        for (const { vitals } of together) vitals.hadCompany = true;
        this.newLife(this.lives + together.length, together);
        return true;
      },
      onPowerFailure: () => {
        if (together.some((other) => other !== life && !other.isOver)) coverage.step('power failure of several');
        for (const other of together) if (other !== life) other.vitals.blackOut();
        disk.crash();
      },
      ...this.options,
    });
    together.push(life);
    return life;
  }

  /** Whether a savepoint that was claimed is still there. */
  private get owesRemovals(): boolean {
    const { claimed } = this.ledger;
    return claimed.size > 0 && [...claimed.keys()].some((from) => this.disk.files.has(`savepoint-${from}`));
  }

  /** The last one that has run, or a new one. */
  private program(): Program {
    const { world, random, coverage, trace } = this.options;
    if (!random.chance(world.deploys)) return this.programs.at(-1)!;
    const { program, change } = nextProgram(this.programs, random);
    trace?.(`${change}: ${JSON.stringify(program)}`);
    coverage.step(`deploy: ${change}`);
    return program;
  }

  private damage(): void {
    const { world, random, coverage, trace } = this.options;
    const { disk, ledger } = this;
    const mayDamage = world.isFaulty && world.retained > 1 && newestId(disk) === ledger.newestId;
    if (!mayDamage || !random.chance(0.1) || !ledger.damaged()) return;
    trace?.('a bit of the newest checkpoint flips');
    coverage.fault('a bit of the newest checkpoint flips');
    flipBit(disk, random);
  }
}
