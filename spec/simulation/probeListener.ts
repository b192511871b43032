import type { ProbeSnapshot } from './Ledger.js';
import type { ProbeListener, Track } from './Track.js';
import type { Tracks } from './Tracks.js';
import { jumpsOf } from './Timeline.js';
import type { Vitals } from './Vitals.js';

/** What a life hears of the probe at the end of one of its pipelines: starts, restores and barriers. */
export function probeListener(track: Track, tracks: Tracks, vitals: Vitals): ProbeListener {
  const { clock, tenure } = vitals;
  const { moments, world, coverage, deployments } = vitals.options;

  const restored = (snapshot: ProbeSnapshot): void => {
    // One that was away is older than the checkpoint that it is in, and no clock shows less than that.
    const earliest = track.isReturning ? clock.time.now : track.jobClock!.before!.timestamp;
    const by = clock.restore(snapshot, earliest);
    if (by === null) return vitals.giveUp('a start with a part that is older than others');
    if (snapshot.timeline.some(({ kind }) => kind === 'set')) coverage.step('restore behind a clock that was set');
    if (snapshot.timeline.some(({ kind }) => kind === 'sleep')) coverage.step('restore behind a sleep');
    if (snapshot.partIsOver) tracks.commons.isOver = true;
    if (by !== 0) coverage.step(by > 0 ? 'clock that is ahead' : 'clock that was set back');
    const jumps = jumpsOf(snapshot.timeline);
    if (jumps > 1) coverage.step(`restore behind ${jumps} jumps of the clock`);
    // What timers do that the clock has passed is no repetition.
    track.begin(snapshot, clock.timeline, world.repeatsSlowly && snapshot.isSettled && by === 0);
  };

  return {
    connected: () => {
      vitals.isConnected = true;
      if (!track.isReturning) clock.reset(); // until the restore, if there is one
    },
    started: (snapshot) => {
      vitals.hasStarted = true;
      vitals.checked(() => {
        if (tracks.returnsBehindTheEnd(track)) vitals.giveUp('a return behind the end of what was shared');
      });
      if (snapshot !== undefined) restored(snapshot);
      else if (track.isReturning) clock.reset();
      vitals.trace?.(`${clock.time.now} ${track.name} starts with ${JSON.stringify(snapshot)}`);
      vitals.checked(() => tenure.restored(track.name, snapshot));
    },
    restored: () => vitals.step('restore'),
    barrier: () => {
      vitals.step('barrier');
      if (clock.isUnclear) vitals.giveUp('a checkpoint behind a jump, in the midst of what is due');
      vitals.checked(() => {
        if (tracks.isCutBehindTheEnd()) vitals.giveUp('a checkpoint behind the end of what was shared');
      });
      tenure.barrier(moments.last);
      vitals.checked(() => track.checkBegun());
      deployments.barrier(track.name, moments.last, track.fit.counters);
      const { timeline, isSettled } = clock;
      const { isOver: partIsOver } = tracks.commons;
      return { now: clock.time.now, timeline, isSettled, partIsOver, moment: moments.last };
    },
  };
}
