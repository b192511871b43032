import crc32 from 'crc-32';
import { produce } from 'immer';
import type { CheckpointedObservable } from 'rxjs-checkpoint';
import {
  bufferCount,
  bufferTime,
  combineLatest,
  delay,
  distinctUntilChanged,
  filter,
  groupBy,
  map,
  mergeMap,
  pairwise,
  reduce,
  scan,
  share,
  uid,
} from 'rxjs-checkpoint';

import type { Line, PaceOptions } from './pacedLines.js';
import { pacedLines } from './pacedLines.js';

interface Strike {
  readonly state: string;
  readonly species: string;
  readonly date: string;
  readonly isDamaging: boolean;
  readonly cost: number;
  readonly line: Line;
}

export interface Tally {
  readonly strikes: number;
  readonly damaging: number;
  readonly cost: number;
}

/** What the pipeline finds out. Each part comes out of a branch with state of its own. */
export interface StrikeReport {
  readonly total: Tally;
  /** Of all lines in their order: a line that is lost, repeated or moved changes it. */
  readonly checksum: number;
  readonly byState: Readonly<Record<string, Tally>>;
  readonly bySpecies: Readonly<Record<string, number>>;
  /** The 500 strikes in a row that cost most. */
  readonly dearest: { readonly from: string; readonly to: string; readonly cost: number };
  readonly longestQuiet: { readonly from: string; readonly to: string; readonly days: number };
  /** The expensive ones, which are looked into a while later. */
  readonly inquiries: { readonly count: number; readonly latest: readonly string[]; readonly checksum: number };
  /** Added up by the quarter of a second that they came in. */
  readonly inBatches: { readonly strikes: number; readonly cost: number };
}

const INQUIRY_FROM = 100_000;
const INQUIRY_AFTER_MS = 400;
const DAY_MS = 86_400_000;

/** The pipeline of this example. Every operator with state has a uid, by which its state is found after a restart. */
export function strikeReport(
  path: string,
  options: Omit<PaceOptions, 'headerLines'>,
): CheckpointedObservable<StrikeReport> {
  const strike$ = pacedLines(path, { ...options, headerLines: 1 }).pipe(map(parseStrike), share(), uid('strikes'));
  return combineLatest({
    total: strike$.pipe(scan(addTo, nothing), uid('total')),
    checksum: strike$.pipe(
      scan((checksum, { line }) => crc32.str(line.text, checksum), 0),
      uid('checksum'),
    ),
    byState: byState(strike$),
    bySpecies: bySpecies(strike$),
    dearest: dearest(strike$),
    longestQuiet: longestQuiet(strike$),
    inquiries: inquiries(strike$),
    inBatches: inBatches(strike$),
  }).pipe(
    uid('branches'),
    // Its last value comes out right before the pipeline completes, however often it was killed on the way.
    reduce((_, report) => report),
    uid('report'),
  );
}

/** No field of this file is quoted, so that commas are all there is to CSV. */
function parseStrike(line: Line): Strike {
  const fields = line.text.split(',');
  const [, , damage = '', date = '', , state = '', , , species = '', , , , cost = ''] = fields;
  if (fields.length !== 14)
    throw new Error(`Line ${line.number} has ${fields.length} fields instead of 14: ${line.text}`);
  return { state, species, date, isDamaging: damage !== 'None', cost: Number(cost), line };
}

const nothing: Tally = { strikes: 0, damaging: 0, cost: 0 };

function addTo(tally: Tally, { isDamaging, cost }: Strike): Tally {
  return {
    strikes: tally.strikes + 1,
    damaging: tally.damaging + (isDamaging ? 1 : 0),
    cost: tally.cost + cost,
  };
}

/** An inner pipeline with a state of its own for each state of the USA. */
function byState(strike$: CheckpointedObservable<Strike>): CheckpointedObservable<Readonly<Record<string, Tally>>> {
  return strike$.pipe(
    groupBy(({ state }) => state),
    uid('states'),
    mergeMap((state$) =>
      state$.pipe(
        scan(addTo, nothing),
        uid('tally'),
        map((tally) => ({ state: state$.key, tally })),
      ),
    ),
    uid('tallies'),
    scan((all: Readonly<Record<string, Tally>>, { state, tally }) => ({ ...all, [state]: tally }), {}),
    uid('by-state'),
  );
}

/** State is immutable; immer's `produce` makes that comfortable. */
function bySpecies(strike$: CheckpointedObservable<Strike>): CheckpointedObservable<Readonly<Record<string, number>>> {
  return strike$.pipe(
    scan(
      produce((counts: Record<string, number>, { species }: Strike) => {
        counts[species] = (counts[species] ?? 0) + 1;
      }),
      {},
    ),
    uid('by-species'),
  );
}

/** A moving window: ten of them are open at a time. */
function dearest(strike$: CheckpointedObservable<Strike>): CheckpointedObservable<StrikeReport['dearest']> {
  return strike$.pipe(
    map(({ cost, date }) => ({ cost, date })),
    bufferCount(500, 50),
    uid('windows'),
    map((strikes) => ({
      from: strikes[0]?.date ?? '',
      to: strikes[strikes.length - 1]?.date ?? '',
      cost: strikes.reduce((sum, { cost }) => sum + cost, 0),
    })),
    scan((most, window) => (window.cost > most.cost ? window : most), { from: '', to: '', cost: 0 }),
    uid('dearest'),
  );
}

function longestQuiet(strike$: CheckpointedObservable<Strike>): CheckpointedObservable<StrikeReport['longestQuiet']> {
  return strike$.pipe(
    map(({ date }) => date),
    distinctUntilChanged(),
    uid('days'),
    pairwise(),
    uid('day-pairs'),
    map(([from, to]) => ({ from, to, days: (Date.parse(to) - Date.parse(from)) / DAY_MS - 1 })),
    scan((longest, quiet) => (quiet.days > longest.days ? quiet : longest), { from: '', to: '', days: 0 }),
    uid('longest-quiet'),
  );
}

/** Each waits in a timer, which a checkpoint keeps with the time when it is due. */
function inquiries(strike$: CheckpointedObservable<Strike>): CheckpointedObservable<StrikeReport['inquiries']> {
  return strike$.pipe(
    filter(({ cost }) => cost >= INQUIRY_FROM),
    delay(INQUIRY_AFTER_MS),
    uid('inquiry-timers'),
    scan(
      ({ count, latest, checksum }: StrikeReport['inquiries'], { date, state, species, cost, line }) => ({
        count: count + 1,
        latest: [...latest.slice(-2), `${date} ${state}, ${species}: $${cost}`],
        checksum: crc32.str(line.text, checksum),
      }),
      { count: 0, latest: [], checksum: 0 },
    ),
    uid('inquiries'),
  );
}

/** Where a batch is cut depends on the clock, and differs from run to run: their sum must not. */
function inBatches(strike$: CheckpointedObservable<Strike>): CheckpointedObservable<StrikeReport['inBatches']> {
  return strike$.pipe(
    map(({ cost }) => cost),
    bufferTime(250),
    uid('quarter-seconds'),
    scan(
      ({ strikes, cost }, batch) => ({
        strikes: strikes + batch.length,
        cost: cost + batch.reduce((sum, each) => sum + each, 0),
      }),
      { strikes: 0, cost: 0 },
    ),
    uid('in-batches'),
  );
}
