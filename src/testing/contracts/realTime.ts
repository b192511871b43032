/** How many times what has been asked for gets its turn: timers of 0 ms, files that are read, promises. */
const QUIET_TURNS = 10;

/** Resolves when the event loop has come round some times: what would go on without a timer has done so. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < QUIET_TURNS; turn++) await nextTurn();
}

/** @returns whether it became true in time. */
export async function eventually(condition: () => boolean, timeoutMs: number): Promise<boolean> {
  for (const deadline = Date.now() + timeoutMs; !condition();) {
    if (Date.now() > deadline) return false;
    await nextTurn();
  }
  return true;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
