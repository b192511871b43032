import { DrainTimeoutError } from '../../src/errors/DrainTimeoutError.js';
import { RegionRestartError } from '../../src/errors/RegionRestartError.js';
import type { Promises } from './Promises.js';
import type { Requests } from './Requests.js';
import type { Track } from './Track.js';
import type { Tracks } from './Tracks.js';
import { Violation } from './Violation.js';
import type { Vitals } from './Vitals.js';
import { MISFIT, whyItEnds } from './whyItEnds.js';

/** The life that somebody looks at. */
export interface Consumed {
  readonly vitals: Vitals;
  readonly tracks: Tracks;
  readonly promises: Promises;
  readonly requests: Requests;
  /** Asks for a checkpoint. */
  trigger(where: string): void;
}

/** Who subscribes to the pipelines of a life: compares what comes out, and how they end, with what the model says. */
export class Consumer {
  private readonly vitals: Vitals;
  private readonly tracks: Tracks;

  constructor(private readonly life: Consumed) {
    this.vitals = life.vitals;
    this.tracks = life.tracks;
  }

  value(track: Track, value: unknown): void {
    const { vitals } = this;
    if (vitals.isDead) return;
    const channel = track.plot.channelOf(value);
    const line = this.timed(track, track.plot.write(value));
    vitals.checked(() => track.value(channel, line));
    this.told(track, line);
  }

  completed(track: Track): void {
    const { vitals } = this;
    if (vitals.isDead) return;
    const { tenure } = vitals;
    const { coverage } = vitals.options;
    if (this.life.requests.isStopping && this.isStopped(track)) {
      coverage.step('stopped');
      track.isOver = true;
      vitals.death = 'stopped';
      // Or it has completed by itself, before the stop came to it: from outside that cannot be told.
      const isDue = track.expected.mayComplete(track.places, this.timed(track, 'complete'));
      if (track.hasStarted && isDue) tenure.hasCompleted(track.name);
      return;
    }
    if (!track.hasStarted && tenure.mayHaveCompleted(track.name)) {
      track.isOver = true;
      coverage.step('restored as completed');
      return;
    }
    this.ending(track, 'complete');
    tenure.hasCompleted(track.name);
  }

  errored(track: Track, error: unknown): void {
    const { vitals, tracks } = this;
    if (vitals.isDead) return;
    const { coverage, from, ledger } = vitals.options;
    if (error instanceof RegionRestartError) {
      if (tracks.isSentAway(track, error)) return coverage.step('refused: a pipeline that comes back alone');
      if (this.failTogether(error.cause)) return;
    }
    const { hadFault, hadCompany } = vitals;
    const { isStopping, isDraining } = this.life.requests;
    const circumstances = { track, hadFault, hadCompany, from, ledger, isStopping, isDraining };
    const { how, step, violation, isRefusal, isFailure } = whyItEnds(error, circumstances);
    if (violation === true) return vitals.fail(new Violation(String(error)));
    if (error instanceof DrainTimeoutError) vitals.checked(() => this.checkTimeout());
    if (how !== undefined) {
      if (step !== undefined) coverage.step(step);
      vitals.isMisfit = how === MISFIT;
      if (vitals.isMisfit) vitals.checked(() => vitals.rehearsal?.refused(error));
      return vitals.giveUp(how, isRefusal === true ? 'refused' : isFailure === true ? 'ended' : 'killed');
    }
    this.ending(track, `error ${String(error)}`);
    this.failed();
  }

  private ending(track: Track, text: string): void {
    track.isOver = true;
    const line = this.timed(track, text);
    this.vitals.checked(() => track.end(line));
    this.told(track, line);
  }

  private timed({ plot }: Track, text: string): string {
    return plot.isTimed ? `${this.vitals.clock.time.now} ${text}` : text;
  }

  /** Somebody outside has seen it. */
  private told(track: Track, line: string): void {
    const { vitals } = this;
    const { random, world, moments, coverage } = vitals.options;
    if (vitals.isDead) return;
    vitals.trace?.(`${track.name}: ${line}`);
    vitals.stir();
    moments.last++;
    if (vitals.isRobbed) coverage.step('output of a job that was robbed');
    vitals.step('output');
    const mayTrigger = !vitals.isDead && !vitals.clock.isUnclear;
    if (mayTrigger && random.chance(world.triggers.within)) this.life.trigger('within a turn');
  }

  /** Whether its newest checkpoint has all that came out, and says that it goes on from there. */
  private isStopped(track: Track): boolean {
    const { promises } = this.life;
    const promised = promises.newest(track.name);
    // One that was on its way when the job was stopped. Without any checkpoint it has completed by itself.
    if (promised === undefined) return !track.hasStarted && promises.size > 0;
    if (promised.hasCompleted) return false;
    // Values that came again were counted again.
    if (this.vitals.options.world.policies.mode === 'at-least-once') return true;
    return promised.outputs.every((count, channel) => track.places[channel]!.has(count));
  }

  /** Whether it is another pipeline that has ended so, and had to. */
  private failTogether(cause: unknown): boolean {
    const text = `error ${String(cause)}`;
    if (![...this.tracks.values()].some((track) => !track.isOver && track.mayEnd(this.timed(track, text))))
      return false;
    this.vitals.options.coverage.step('error of a pipeline that shares a part');
    this.failed();
    return true;
  }

  /** The last good part of a pipeline that has an error stays; here its process goes with it. */
  private failed(): void {
    this.vitals.giveUp('an error', 'ended');
  }

  /** Whether a drain may say that it takes too long. */
  private checkTimeout(): void {
    const { now } = this.vitals.clock.time;
    const drainings = [...this.tracks.values()].flatMap(({ draining }) => draining ?? []);
    const { timeoutMs } = this.vitals.options.world.policies;
    if (drainings.some(({ since }) => now < since + timeoutMs) || drainings.every(({ dueAt }) => dueAt < now))
      throw new Violation(`A drain took too long at ${now}, although there was time left`);
  }
}
