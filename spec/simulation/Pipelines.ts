import type { CheckpointSubject } from '../../src/checkpoint/CheckpointSubject.js';
import { Commons } from './Commons.js';
import type { Consumer } from './Consumer.js';
import type { Plot } from './Plot.js';
import { probeListener } from './probeListener.js';
import { Track } from './Track.js';
import type { Tracks } from './Tracks.js';
import type { Vitals } from './Vitals.js';

const MOST_RESTARTS = 20;

/** Subscribes to the pipelines of a life, and unsubscribes. */
export class Pipelines {
  private restarts = 0;

  constructor(
    private readonly checkpoints: CheckpointSubject,
    private readonly tracks: Tracks,
    private readonly vitals: Vitals,
    private readonly consumer: Consumer,
  ) {}

  startAll(): void {
    this.vitals.clock.prepare();
    this.tracks.commons = new Commons();
    for (const [name, plot] of this.vitals.options.plots) this.start(name, plot);
  }

  /** Some of them, or all. */
  restart(): void {
    const { world, random } = this.vitals.options;
    if (!world.isShared || random.chance(0.4) || !this.moveAlone()) this.restartAll();
  }

  get mayRestart(): boolean {
    const { size } = this.tracks;
    return (size === 1 || this.vitals.options.world.isShared) && this.tracks.areRunning;
  }

  private start(name: string, plot: Plot, isReturning = false): void {
    const { vitals, tracks, consumer } = this;
    const { random, program, deployments, from, claims, coverage, world } = vitals.options;
    const build = plot.build(random, tracks.commons, vitals);
    const { probeName } = tracks.get(name) ?? {};
    const track = new Track(name, plot, build, program, deployments, world.policies.mode, probeName);
    track.isReturning = isReturning;
    tracks.set(name, track);
    const pipeline = track.pipeline(probeListener(track, tracks, vitals));
    track.subscription = this.checkpoints
      .recover(pipeline, {
        name,
        from,
        claim: claims,
        allowNonRestoredState: program.allowsLoss,
        onRestore: (report) =>
          vitals.checked(() => {
            track.checkReport(report, coverage);
            vitals.rehearsal?.started(report);
            vitals.rehearsal = null;
          }),
      })
      .subscribe({
        next: (value) => consumer.value(track, value),
        error: (error: unknown) => consumer.errored(track, error),
        complete: () => consumer.completed(track),
      });
  }

  /** All of them, which go back together: so does the time. */
  private restartAll(): void {
    // Or it would never come to its start, where every call of the disk is a turn.
    if (++this.restarts > MOST_RESTARTS) return;
    this.vitals.step('restart');
    this.vitals.rehearsal = null;
    if (this.vitals.isDead) return;
    this.vitals.stir();
    for (const { subscription } of this.tracks.values()) subscription?.unsubscribe();
    this.startAll();
  }

  /** One of those that share a part leaves, or comes back while others have gone on. @returns whether any can. */
  private moveAlone(): boolean {
    const { vitals, tracks } = this;
    const track = tracks.anyToMove(vitals.options.random);
    if (track === undefined) return false;
    // While one is away the others' clock goes on.
    if (!track.hasLeft && vitals.clock.timeline.length > 0) return false;
    vitals.step(track.hasLeft ? 'pipeline that comes back alone' : 'pipeline that leaves');
    if (vitals.isDead) return true;
    vitals.stir();
    if (!track.hasLeft) {
      track.isOver = track.hasLeft = true;
      track.subscription!.unsubscribe();
    } else this.start(track.name, track.plot, true);
    return true;
  }
}
