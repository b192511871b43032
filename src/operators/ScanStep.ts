/** What an inner of mergeScan or switchScan was projected from: the state has moved on when a restore projects it again. */
export interface ScanStep<A, T> {
  readonly acc: A;
  readonly value: T;
}
