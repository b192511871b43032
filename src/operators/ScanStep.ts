import type { InnersSnapshot } from './base/JobInners.js';

/** What an inner of mergeScan or switchScan was projected from: the state has moved on when a restore projects it again. */
export interface ScanStep<A, T> {
  readonly acc: A;
  readonly value: T;
}

interface ScanSnapshot {
  readonly acc: unknown;
  readonly inners: InnersSnapshot<ScanStep<unknown, unknown>>;
}

/** The state is in several places: what is next, and what each running inner started with. */
export function mapScanState(snapshot: ScanSnapshot, map: (acc: unknown) => unknown): ScanSnapshot {
  const step = ({ index, value }: InnersSnapshot<ScanStep<unknown, unknown>>['active'][number]) =>
    Object.freeze({ index, value: Object.freeze({ ...value, acc: map(value.acc) }) });
  const { active, lingering } = snapshot.inners;
  const inners = Object.freeze({
    active: Object.freeze(active.map(step)),
    lingering: Object.freeze(lingering.map(step)),
  });
  return { ...snapshot, acc: map(snapshot.acc), inners };
}
