/** Calls `work` after so many milliseconds, if the process is still there: this does not keep it. */
export function inAWhile(work: () => void, delayMs: number): void {
  const timer: unknown = setTimeout(work, delayMs);
  // A number in browsers.
  if (typeof timer === 'object') (timer as { unref?: () => void } | null)?.unref?.();
}
