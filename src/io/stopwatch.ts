/** A time in ms that only goes forwards, finer than a ms: for how long something takes. */
export function stopwatch(): number {
  return performance.now();
}
